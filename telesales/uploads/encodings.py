"""Which encoding a text file is written in."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from telesales.uploads.errors import Unreadable, UnreadableFileError

BLOCK = 1 << 20
SAMPLE = 1 << 16
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins the same way
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BINARY_SIGNATURES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"MZ",
)
OLD_EXCEL_SIGNATURE = b"\xd0\xcf\x11\xe0"
# Chinese text is nearly all pairs of high bytes; in Western text a high byte stands alone.
CHINESE_OR_WESTERN = re.compile(rb"([\xa1-\xfe][\xa1-\xfe])|([\x80-\xff][\x40-\x7e\x80-\xa0]?)")
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MAX_CONTROL_SHARE = 0.02
FEW_CONTROLS = 8
MIN_CHINESE_SHARE = 0.7
MAX_BROKEN_SHARE = 0.1


def find_encoding(path: Path) -> str:
    """Name the codec to read a file with; raises when it is no text at all."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if not sample.strip():
        raise UnreadableFileError(Unreadable.EMPTY)
    for mark, name in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return name
    if sample.startswith(OLD_EXCEL_SIGNATURE):
        raise UnreadableFileError(Unreadable.OLD_EXCEL)
    if sample.startswith(BINARY_SIGNATURES):
        raise UnreadableFileError(Unreadable.BINARY)
    return _unmarked_utf16(sample) or _text_encoding(path, sample)


def _unmarked_utf16(sample: bytes) -> str | None:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2 or 1
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _text_encoding(path: Path, sample: bytes) -> str:
    if len(CONTROL.findall(sample)) > max(FEW_CONTROLS, MAX_CONTROL_SHARE * len(sample)):
        raise UnreadableFileError(Unreadable.BINARY)
    if _is_utf8(path):
        return "utf-8"
    return "gb18030" if _chinese_share(path) >= MIN_CHINESE_SHARE else "cp1252"


def _is_utf8(path: Path) -> bool:
    """True for UTF-8, and for UTF-8 with a few broken places: another codec would spoil all the rest."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    broken = foreign = 0
    for block in _blocks(path):
        text = decoder.decode(block)
        if not text.isascii():
            broken += text.count("\ufffd")
            foreign += sum(not character.isascii() for character in text)
    return broken == 0 or broken <= MAX_BROKEN_SHARE * foreign


def _chinese_share(path: Path) -> float:
    chinese = western = 0
    for block in _blocks(path):
        for pair, _single in CHINESE_OR_WESTERN.findall(block):
            chinese += bool(pair)
            western += not pair
    return chinese / (chinese + western or 1)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
