"""A sealed recording opens with its key, as itself, whole; anything else is refused."""

import pytest

from telesales.config import (
    ConfigurationError,
    Settings,
    new_recording_key,
    read_recording_keys,
    recording_keys_of,
)
from telesales.recordings.sealing import (
    PIECE,
    DamagedError,
    Keyring,
    MissingKeyError,
    Opener,
    header_size,
    seal,
    sealed_size,
)
from tests.factories_recordings import KEYS

RING = Keyring(KEYS)
NAME = "17/mixed"


def sealed(plain: bytes, ring: Keyring = RING) -> bytes:
    return b"".join(seal([plain[:1000], plain[1000:]], keyring=ring, name=NAME))


def opened(data: bytes, size: int, *, ring: Keyring = RING, name: str = NAME) -> bytes:
    header = header_size("2026b")
    opener = Opener(data[:header], size=size, keyring=ring, name=name)
    start, end = opener.sealed_span(0, max(0, -(-size // PIECE) - 1))
    return opener.open_pieces(0, data[start:end])


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
def test_what_was_sealed_opens_again(size: int) -> None:
    plain = bytes(n % 251 for n in range(size))

    data = sealed(plain)

    assert len(data) == sealed_size(size, "2026b")
    assert opened(data, size) == plain
    assert plain[:64] not in data or size < 16


def test_the_same_sound_is_never_sealed_to_the_same_bytes() -> None:
    assert sealed(b"hello" * 100)[50:] != sealed(b"hello" * 100)[50:]


def test_any_piece_opens_alone() -> None:
    plain = bytes(n % 251 for n in range(3 * PIECE + 5))
    data = sealed(plain)
    opener = Opener(data[: header_size("2026b")], size=len(plain), keyring=RING, name=NAME)

    start, end = opener.sealed_span(2, 3)

    assert opener.open_pieces(2, data[start:end]) == plain[2 * PIECE :]


def test_every_changed_byte_is_found() -> None:
    plain = b"x" * 100
    data = sealed(plain)

    for at in range(len(data)):
        changed = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
        with pytest.raises((DamagedError, MissingKeyError)):
            opened(changed, len(plain))


def test_a_file_that_was_cut_at_the_end_of_a_piece_is_refused() -> None:
    plain = b"x" * (2 * PIECE + 10)
    data = sealed(plain)

    with pytest.raises(DamagedError):
        opened(data[: header_size("2026b") + 2 * (PIECE + 16)], 2 * PIECE)


def test_pieces_that_changed_places_are_refused() -> None:
    plain = b"x" * (2 * PIECE + 10)
    data, head, step = sealed(plain), header_size("2026b"), PIECE + 16

    swapped = (
        data[:head] + data[head + step : head + 2 * step] + data[head : head + step] + data[head + 2 * step :]
    )

    with pytest.raises(DamagedError):
        opened(swapped, len(plain))


def test_one_call_cannot_pose_as_another() -> None:
    with pytest.raises(DamagedError):
        opened(sealed(b"hello"), 5, name="18/mixed")


def test_another_key_of_the_same_name_does_not_open() -> None:
    with pytest.raises(DamagedError):
        opened(sealed(b"hello"), 5, ring=Keyring({"2026b": bytes(32)}))


def test_a_key_that_is_gone_is_named() -> None:
    with pytest.raises(MissingKeyError, match="2026b"):
        opened(sealed(b"hello"), 5, ring=Keyring({"2026a": bytes(32)}))


def test_older_keys_open_what_they_have_sealed() -> None:
    old = sealed(b"hello", Keyring({"2026a": KEYS["2026a"]}))

    assert opened(old, 5) == b"hello"


def test_keys_are_read_in_their_order() -> None:
    first, second = new_recording_key("2026b"), new_recording_key("2026a")

    keys = read_recording_keys(f"{first}, {second}")

    assert list(keys) == ["2026b", "2026a"]
    assert {len(key) for key in keys.values()} == {32}


@pytest.mark.parametrize("text", ["justakey", "a:notbase64!", "a:c2hvcnQ=", ":AAAA", "a b:AAAA"])
def test_keys_that_cannot_be_read_are_told_without_showing_them(text: str) -> None:
    with pytest.raises(ConfigurationError, match="RECORDING_KEYS") as told:
        read_recording_keys(text)

    assert "notbase64" not in str(told.value)


def test_one_name_has_one_key() -> None:
    with pytest.raises(ConfigurationError):
        read_recording_keys(f"{new_recording_key('a')},{new_recording_key('a')}")


def test_only_a_demo_makes_a_key_and_keeps_it(tmp_path) -> None:
    assert recording_keys_of(Settings(data_dir=tmp_path, demo=False)) == {}
    assert not (tmp_path / "recording_keys").exists()

    made = recording_keys_of(Settings(data_dir=tmp_path, demo=True))

    assert made == recording_keys_of(Settings(data_dir=tmp_path, demo=True))
    assert (tmp_path / "recording_keys").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["recording_keys"]
