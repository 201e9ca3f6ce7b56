"""Sound of strangers becomes sound of telephones: the same tone, nothing else, or a reason."""

import io
import math
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from telesales.messages.convert import convert, resample
from telesales.messages.reading import A_LAW, EXTENSIBLE, FLOAT, MU_LAW, PCM, read_sound
from telesales.messages.rules import SoundProblem, SoundRefusedError
from telesales.messages.taking import take_sound

HERTZ = 1000
G711 = {
    MU_LAW: b"\x00\x80\xff\x7f",
    A_LAW: b"\x2a\xaa\xd5\x55",
}  # loudest negative and positive, quietest of both


def wav(kind=PCM, bits=16, *, rate=8000, channels=1, seconds=1.0, data=None, told=None, extensible=False):
    """A file with a tone in every channel."""
    if data is None:
        data = samples(kind, bits, rate, seconds)
        data = b"".join(data[at : at + bits // 8] * channels for at in range(0, len(data), bits // 8))
    frame = channels * bits // 8
    form = struct.pack(
        "<HHIIHH", EXTENSIBLE if extensible else kind, channels, rate, rate * frame, frame, bits
    )
    if extensible:
        form += struct.pack("<HHIH14s", 22, bits, 0, kind, b"\x00" * 14)
    parts = b"LIST\x03\x00\x00\x00abc\x00fmt " + struct.pack("<I", len(form)) + form
    parts += b"data" + struct.pack("<I", len(data) if told is None else told) + data
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


def samples(kind, bits, rate, seconds):
    tone = 0.5 * np.sin(2 * math.pi * HERTZ * np.arange(round(rate * seconds)) / rate)
    if kind == FLOAT:
        return tone.astype(f"<f{bits // 8}").tobytes()
    if bits == 8:
        return np.rint(tone * 127 + 128).astype(np.uint8).tobytes()
    whole = np.rint(tone * (2 ** (bits - 1) - 1)).astype("<i4")
    return whole.view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()


def converted(tmp_path: Path, sound: bytes) -> np.ndarray:
    (tmp_path / "in").write_bytes(sound)
    convert(tmp_path / "in", tmp_path / "out")
    with wave.open(str(tmp_path / "out"), "rb") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767


def is_tone(found: np.ndarray, error: float) -> bool:
    """True for 1000 Hz at half loudness, away from both ends."""
    wanted = 0.5 * np.sin(2 * math.pi * HERTZ * np.arange(len(found)) / 8000)
    return bool(np.abs(found - wanted)[200:-200].max() < error)


@pytest.mark.parametrize(
    ("kind", "bits", "error"),
    [(PCM, 8, 0.01), (PCM, 16, 2e-4), (PCM, 24, 2e-4), (PCM, 32, 2e-4), (FLOAT, 32, 2e-4), (FLOAT, 64, 2e-4)],
)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("extensible", [False, True])
def test_every_width_comes_out_as_the_same_tone(tmp_path, kind, bits, error, channels, extensible):
    sound = wav(kind, bits, channels=channels, extensible=extensible)

    assert is_tone(converted(tmp_path, sound), error)


@pytest.mark.parametrize("rate", [6000, 8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000, 192000])
def test_every_rate_comes_out_as_the_same_tone_for_as_long(tmp_path, rate):
    found = converted(tmp_path, wav(rate=rate, seconds=0.75))

    assert abs(len(found) - 6000) <= 1
    assert is_tone(found, 1e-3)


@pytest.mark.parametrize("rate", [11025, 44100, 48000])
def test_what_telephones_cannot_carry_does_not_come_back_as_another_tone(rate):
    high = 0.5 * np.sin(2 * math.pi * 5200 * np.arange(rate) / rate)

    assert np.abs(resample(high, rate)[400:-400]).max() < 1e-4


@pytest.mark.parametrize("kind", [A_LAW, MU_LAW])
def test_g711_is_expanded_with_its_sign_and_size(tmp_path, kind):
    loud_low, loud_high, quiet, other = converted(tmp_path, wav(kind, 8, data=G711[kind] * 2000))[:4]

    assert -1 <= loud_low < -0.95
    assert 0.95 < loud_high <= 1
    assert max(abs(quiet), abs(other)) < 0.001


def test_two_channels_become_their_middle(tmp_path):
    loud, none = struct.pack("<h", 20000), struct.pack("<h", 0)

    found = converted(tmp_path, wav(channels=2, data=(loud + none) * 8000))

    assert np.allclose(found, 10000 / 32767, atol=1e-3)


GOOD = wav()


@pytest.mark.parametrize(
    ("sound", "problem"),
    [
        (b"", SoundProblem.NOT_WAV),
        (b"ID3\x04 an mp3, says its name", SoundProblem.NOT_WAV),
        (b"RIFF\x00\x00\x00\x00AVI LIST", SoundProblem.NOT_WAV),
        (b"RIFF\x00\x00\x00\x00WAVE", SoundProblem.CUT_OFF),
        (GOOD[:30], SoundProblem.CUT_OFF),
        (GOOD[:-100], SoundProblem.CUT_OFF),
        (wav(told=0xFFFFFFF0), SoundProblem.CUT_OFF),
        (wav(2, 16), SoundProblem.UNKNOWN_FORM),  # ADPCM
        (wav(PCM, 16, rate=0xFFFFFFFF // 4, data=bytes(99)), SoundProblem.UNKNOWN_FORM),
        (wav(rate=0, data=bytes(9999)), SoundProblem.UNKNOWN_FORM),
        (wav(channels=0, data=bytes(9999)), SoundProblem.UNKNOWN_FORM),
        (wav(channels=9, data=bytes(9999)), SoundProblem.UNKNOWN_FORM),
        (wav(seconds=0.4), SoundProblem.TOO_SHORT),
        (wav(data=bytes(2 * 8000 * 61)), SoundProblem.TOO_LONG),
        (wav(data=bytes(16000)), SoundProblem.SILENT),
        (wav(FLOAT, 32, data=struct.pack("<f", math.nan) * 8000), SoundProblem.SILENT),
    ],
)
def test_everything_else_is_refused_with_its_reason(sound, problem):
    with pytest.raises(SoundRefusedError) as refused:
        take_sound(io.BytesIO(sound))

    assert refused.value.problem is problem


def test_a_file_whose_length_was_never_told_is_taken_as_long_as_it_is():
    form, data = read_sound(wav(told=0))

    assert len(data) == 16000
    assert form.frame_bytes == 2


def test_a_file_without_end_is_not_read_to_it_and_leaves_no_trace(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    class Endless(io.RawIOBase):
        sent = 0

        def read(self, size=-1):
            self.sent += size
            return bytes(size)

    stream = Endless()
    with pytest.raises(SoundRefusedError) as refused:
        take_sound(stream)

    assert refused.value.problem is SoundProblem.TOO_LARGE
    assert stream.sent < 40 << 20
    assert list(tmp_path.iterdir()) == []


def test_a_minute_of_the_largest_usual_kind_is_taken():
    taken = take_sound(io.BytesIO(wav(PCM, 24, rate=48000, channels=2, seconds=59.9)))

    assert taken.seconds == 59.9
    assert len(taken.wav) == 44 + 2 * 8000 * 599 // 10
