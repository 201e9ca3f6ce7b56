"""Finding out how a file is laid out: delimiter, header, columns."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from telesales.uploads.encodings import find_encoding
from telesales.uploads.errors import Unreadable, UnreadableFileError
from telesales.uploads.reading import text_lines
from telesales.uploads.table import MAX_COLUMNS, Table, label_columns

DELIMITERS = ",;\t|"
SAMPLE_RECORDS = 100
SAMPLE_CHARACTERS = 1 << 18
MAX_TITLE_ROWS = 10
DATA_LIKE = re.compile(r"(?:\d[^\d]{0,3}){6,}|@.+\.")  # a number or an address of e-mail is no heading


def sniff_csv(path: Path) -> Table:
    """Describe a text file."""
    encoding = find_encoding(path)
    lines = _sample_lines(path, encoding)
    delimiter = _told_delimiter(lines) or _guess_delimiter(lines)
    return _describe(lines, kind="csv", encoding=encoding, delimiter=delimiter)


def describe_converted(path: Path, *, sheet: str, sheets: int) -> Table:
    """Describe the CSV that was made of a workbook."""
    lines = _sample_lines(path, "utf-8")
    table = _describe(lines, kind="xlsx", encoding="utf-8", delimiter=",")
    return Table(**{**table.to_json(), "columns": table.columns, "sheet": sheet, "sheets": sheets})


def _sample_lines(path: Path, encoding: str) -> list[str]:
    lines: list[str] = []
    room = SAMPLE_CHARACTERS
    with text_lines(path, encoding) as text:
        for line in text:
            lines.append(line[:room])
            room -= len(line)
            if room <= 0:
                break
    return lines


def _told_delimiter(lines: Sequence[str]) -> str | None:
    """Excel's first line "sep=;"."""
    first = lines[0].strip() if lines else ""
    return first[4] if first.lower().startswith("sep=") and len(first) == 5 else None


def _guess_delimiter(lines: Sequence[str]) -> str:
    return max(DELIMITERS, key=lambda mark: _steadiness(_records(lines, mark)))


def _steadiness(records: Sequence[Sequence[str]]) -> tuple[float, int]:
    """How alike in width the records are, then how wide; one column says nothing."""
    widths = Counter(len(record) for record in records if record)
    if not widths:
        return (0.0, 0)
    width, count = widths.most_common(1)[0]
    return (0.0, 1) if width == 1 else (round(count / widths.total(), 1), width)


def _records(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    records: list[list[str]] = []
    while len(records) < SAMPLE_RECORDS:
        try:
            records.append(next(reader))
        except StopIteration:
            break
        except csv.Error:
            records.append([])
    return records


def _describe(lines: Sequence[str], *, kind: str, encoding: str, delimiter: str) -> Table:
    records = _records(lines, delimiter)
    widths = [sum(bool(cell.strip()) for cell in record) for record in records]
    if not any(widths):
        raise UnreadableFileError(Unreadable.EMPTY)
    width = max(len(record) for record in records)
    if width > MAX_COLUMNS:
        raise UnreadableFileError(Unreadable.TOO_MANY_COLUMNS)
    header = _header_index(records, widths)
    names = [] if header is None else records[header]
    return Table(
        kind=kind,
        encoding=encoding,
        delimiter=delimiter,
        header_row=0 if header is None else header + 1,
        columns=label_columns(names, _width(records, names)),
    )


def _width(records: Sequence[Sequence[str]], header: Sequence[str]) -> int:
    """Columns of the table: the header's, or the commonest of the rows when it is wider."""
    widths = Counter(len(record) for record in records if any(record))
    return max(len(header), widths.most_common(1)[0][0])


def _header_index(records: Sequence[Sequence[str]], widths: Sequence[int]) -> int | None:
    """The first row that is as full as the others, unless it is data; titles above it are skipped."""
    usual = Counter(width for width in widths if width).most_common(1)[0][0]
    for index, (record, width) in enumerate(zip(records, widths, strict=True)):
        if index >= MAX_TITLE_ROWS:
            break
        if width and width * 2 >= usual and not _is_told_delimiter(record):
            return None if any(DATA_LIKE.search(cell) for cell in record) else index
    return None


def _is_told_delimiter(record: Sequence[str]) -> bool:
    return bool(record) and record[0].lower().startswith("sep=")
