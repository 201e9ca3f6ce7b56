"""WAV files as telephones write them, finished or not."""

import struct
from array import array
from pathlib import Path

import pytest

from telesales.recordings.wav import (
    HEADER_BYTES,
    PEAKS,
    BadWavError,
    header_of,
    peaks_of,
    pieces_of,
    read_wav,
)
from tests.factories_recordings import tone, write_wav


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    samples = tone(0.5)
    path = write_wav(tmp_path / "a.wav", samples)

    wav = read_wav(path)

    assert (wav.rate, wav.seconds, wav.size) == (8_000, 0.5, HEADER_BYTES + len(samples))
    assert b"".join(pieces_of(path, wav)) == path.read_bytes()


@pytest.mark.parametrize("told", [0, 0xFFFFFFFF])
def test_a_header_that_was_never_finished_is_believed_less_than_the_file(tmp_path: Path, told: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(header_of(8_000, 0)[:-4] + struct.pack("<I", told) + b"\1\2" * 400 + b"\1")

    wav = read_wav(path)

    assert wav.data_size == 800
    assert b"".join(pieces_of(path, wav)) == header_of(8_000, 800) + b"\1\2" * 400


def test_chunks_that_are_not_sound_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    plain = header_of(8_000, 4)
    path.write_bytes(plain[:36] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + plain[36:] + b"\1\2\3\4")

    assert b"".join(pieces_of(path, read_wav(path))) == plain + b"\1\2\3\4"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"no WAV file at all, but long enough",
        header_of(8_000, 0),
        header_of(8_000, 4).replace(b"data", b"date") + b"\0" * 4,
        header_of(8_000, 4)[:22] + b"\2" + header_of(8_000, 4)[23:] + b"\0" * 4,
        header_of(8_000, 4)[:34] + b"\x08" + header_of(8_000, 4)[35:] + b"\0" * 4,
        header_of(4_000, 4) + b"\0" * 4,
    ],
    ids=["empty", "cut", "other", "no sound", "no data", "stereo", "8 bit", "slow"],
)
def test_what_is_no_mono_sound_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)

    with pytest.raises(BadWavError):
        read_wav(path)


def test_peaks_show_where_it_is_loud() -> None:
    samples = array("h", [0] * 50_000 + [-32_768] * 25_000 + [16_384] * 25_000).tobytes()

    peaks = peaks_of([samples[:77_777], samples[77_777:]], len(samples))

    assert len(peaks) == PEAKS
    assert set(peaks[:500]) == {0}
    assert set(peaks[500:750]) == {255}
    assert set(peaks[750:]) == {128}


@pytest.mark.parametrize("count", [1, 999, 1_001, 12_345])
def test_every_length_has_at_most_a_thousand_peaks_and_loses_no_sample(count: int) -> None:
    samples = array("h", [0] * (count - 1) + [20_000]).tobytes()

    peaks = peaks_of([samples], len(samples))

    assert len(peaks) <= PEAKS
    assert peaks[-1] == 20_000 >> 7
