"""Encryption of recordings: AES-256-GCM in pieces of 64 KiB, each in its place or refused. Pure but for fresh salts.

A sealed file is a header (mark, name of the key, salt), then the pieces. The key of a file is derived from the named key and the salt,
so no two files share one; a piece's nonce is its number and whether it is the last, so that none can be moved, left out or
cut off; the header and the file's name are authenticated with every piece, so that a file cannot pose as another.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = b"TSR1"
SALT_BYTES = 32
PIECE = 64 * 1024
TAG = 16
SEALED_PIECE = PIECE + TAG
PURPOSE = b"telesales recording 1"


class MissingKeyError(Exception):
    """No key of this name is known."""


class DamagedError(Exception):
    """The file was changed, cut off or exchanged, or its key is another one."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by name, the newest first: that one seals, all of them open."""

    keys: Mapping[str, bytes]

    @property
    def newest(self) -> str:
        """Name of the key that seals."""
        return next(iter(self.keys))

    def cipher(self, key_id: str, salt: bytes) -> AESGCM:
        """The cipher of one file."""
        if key_id not in self.keys:
            raise MissingKeyError(key_id)
        derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=PURPOSE).derive(self.keys[key_id])
        return AESGCM(derived)


def header_size(key_id: str) -> int:
    """Bytes before the first piece."""
    return len(MARK) + 1 + len(key_id.encode()) + SALT_BYTES


def sealed_size(size: int, key_id: str) -> int:
    """Bytes of a sealed file of so many plain bytes."""
    pieces = max(1, -(-size // PIECE))
    return header_size(key_id) + size + pieces * TAG


def seal(plain: Iterable[bytes], *, keyring: Keyring, name: str) -> Iterator[bytes]:
    """Yield the sealed file; `name` must be told again to open it."""
    key_id, salt = keyring.newest, secrets.token_bytes(SALT_BYTES)
    header = MARK + bytes((len(key_id.encode()),)) + key_id.encode() + salt
    cipher = keyring.cipher(key_id, salt)
    bound = header + name.encode()
    yield header
    for number, (piece, is_last) in enumerate(_pieces(plain)):
        yield cipher.encrypt(_nonce(number, is_last), piece, bound)


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def _pieces(plain: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Equal pieces; what is held back at the end is the last, and there is always one."""
    held = bytearray()
    for some in plain:
        held += some
        while len(held) > PIECE:
            yield bytes(held[:PIECE]), False
            del held[:PIECE]
    yield bytes(held), True


class Opener:
    """Opens any part of one sealed file. `header` is its first bytes, `size` its plain length."""

    def __init__(self, header: bytes, *, size: int, keyring: Keyring, name: str) -> None:
        if header[: len(MARK)] != MARK or len(header) <= len(MARK):
            raise DamagedError("no sealed file")
        salt_at = len(MARK) + 1 + header[len(MARK)]
        try:
            key_id = header[len(MARK) + 1 : salt_at].decode()
        except UnicodeDecodeError as error:
            raise DamagedError("its header is damaged") from error
        self._cipher = keyring.cipher(key_id, header[salt_at:])
        self._bound = header + name.encode()
        self._header_size = len(header)
        self.size = size

    @property
    def _last(self) -> int:
        return max(0, -(-self.size // PIECE) - 1)

    def sealed_span(self, first: int, last: int) -> tuple[int, int]:
        """Which sealed bytes (from, up to) hold pieces number first to last."""
        end = self._header_size + (last + 1) * SEALED_PIECE
        whole = self._header_size + self.size + (self._last + 1) * TAG
        return self._header_size + first * SEALED_PIECE, min(end, whole)

    def open_pieces(self, first: int, sealed: bytes) -> bytes:
        """Open the pieces from number `first` on. Raises DamagedError."""
        opened = []
        for number, at in enumerate(range(0, len(sealed), SEALED_PIECE), start=first):
            piece = sealed[at : at + SEALED_PIECE]
            try:
                opened.append(self._cipher.decrypt(_nonce(number, number == self._last), piece, self._bound))
            except InvalidTag as error:
                raise DamagedError(f"piece {number} is not what was sealed") from error
        return b"".join(opened)
