"""A workbook made into CSV, in a process of its own: `python -m telesales.uploads.convert IN OUT`.

A workbook may claim a cell in its last row and column; the reader then asks for more memory than the machine
has and dies. Here that ends a child with a memory limit, and not the web server.
"""

import csv
import json
import resource
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineWorkbook

MEMORY_LIMIT = 3 << 30
SECONDS_LIMIT = 300


def as_text(value: object) -> str:
    """A cell as a person would type it: whole numbers without a point, dates in ISO form."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value).replace("\0", "")


def convert(source: Path, target: Path) -> dict[str, object]:
    """Write the first sheet that holds something; says its name and how many sheets hold something."""
    workbook = CalamineWorkbook.from_path(str(source))
    filled = [name for name in workbook.sheet_names if workbook.get_sheet_by_name(name).height]
    if filled:
        sheet = workbook.get_sheet_by_name(filled[0])
        # Rows and columns above and left of the first cell count: numbers of rows are those of the spreadsheet.
        _write(sheet.to_python(skip_empty_area=False), target)
    else:
        target.touch()
    return {"sheet": filled[0] if filled else "", "sheets": len(filled)}


def _write(rows: Iterable[Sequence[object]], target: Path) -> None:
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        for row in rows:
            writer.writerow([as_text(cell) for cell in row])


def main() -> None:
    """Read the two paths from the command line; the answer is JSON on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))
    sys.stdout.write(json.dumps(convert(Path(sys.argv[1]), Path(sys.argv[2]))))


if __name__ == "__main__":
    main()
