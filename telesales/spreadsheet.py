"""CSV for spreadsheets: no cell is run as a formula, and Excel reads the Chinese."""

import contextvars
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from flask import Response

from telesales.extensions import db

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
ROWS_AT_ONCE = 200
_STARTS_A_FORMULA = re.compile(r"[\s\0]*[=+\-@＝＋－＠]|[\t\r\n]")
_IS_A_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")


def neutral(cell: object) -> str:
    """Return the text of a cell; what a spreadsheet would run gets an apostrophe in front."""
    text = "" if cell is None else str(cell)
    if _STARTS_A_FORMULA.match(text) and not _IS_A_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the file in pieces."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([neutral(cell) for cell in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([neutral(cell) for cell in row])
        if number % ROWS_AT_ONCE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Send the rows as a file, while they are read."""
    pieces = in_this_context(csv_lines(header, rows), contextvars.copy_context())
    response = Response(pieces, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def in_this_context(pieces: Iterator[str], context: contextvars.Context) -> Iterator[str]:
    """Read each piece as the request would: with its person, its client's scope, reading only.

    Flask's own `stream_with_context` begins after the request has given these back.
    """
    try:
        while (piece := context.run(next, pieces, None)) is not None:
            yield piece
    finally:
        context.run(db.session.remove)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
