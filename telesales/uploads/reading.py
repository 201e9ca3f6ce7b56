"""Reading rows, one at a time, whatever is in them."""

import contextlib
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from telesales.uploads.table import Table

MAX_CELL = 131_072
csv.field_size_limit(MAX_CELL)

Record = tuple[int, list[str]]  # row number in the file from 1, cells; no cells: the row cannot be read
_KEPT_FROM_RUNNING = re.compile(r"'(?:[\s\0]*[=+\-@＝＋－＠]|[\t\r\n])")


@contextlib.contextmanager
def text_lines(path: Path, encoding: str) -> Iterator[Iterator[str]]:
    """Lines with their ends; NUL bytes are left out, undecodable bytes become U+FFFD."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield (line.replace("\0", "") if "\0" in line else line for line in file)


def read_records(path: Path, table: Table, *, skip: int = 0) -> Iterator[Record]:
    """Data rows in the order of the file without the blank ones; `skip` leaves out the first of them."""
    return islice(_data_records(path, table), skip, None)


def count_records(path: Path, table: Table) -> int:
    """How many rows `read_records` gives."""
    return sum(1 for _record in _data_records(path, table))


def _data_records(path: Path, table: Table) -> Iterator[Record]:
    with text_lines(path, table.encoding) as lines:
        reader = csv.reader(lines, delimiter=table.delimiter)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:  # a cell beyond all bounds; the next line is read afresh
                cells = []
            else:
                if number <= table.header_row or not any(map(str.strip, cells)):
                    continue
            yield number, cells


def plain(cell: str) -> str:
    """The cell without the apostrophe that keeps spreadsheets from running it (see `spreadsheet.neutral`)."""
    return cell[1:] if cell[:1] == "'" and _KEPT_FROM_RUNNING.match(cell) else cell


def in_chunks(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    """Records in lists of `size`, the last one shorter."""
    while chunk := list(islice(records, size)):
        yield chunk
