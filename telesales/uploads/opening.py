"""Taking a file: kept on disk, measured, recognised, made readable."""

import errno
import hashlib
import json
import subprocess
import sys
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from telesales.uploads.convert import SECONDS_LIMIT
from telesales.uploads.errors import Unreadable, UnreadableFileError
from telesales.uploads.reading import read_records
from telesales.uploads.sniffing import describe_converted, sniff_csv
from telesales.uploads.table import Table

BLOCK = 1 << 20
ZIP_SIGNATURE = b"PK\x03\x04"
MAX_INFLATED = 1 << 30
MAX_INFLATION = 200  # times the size of the file; honest workbooks stay under 30
MAX_ZIP_ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a stranger, readable as `table`."""

    path: Path
    sha256: str
    size: int
    table: Table


def keep_file(stream: IO[bytes], folder: Path, *, limit: int) -> KeptFile:
    """Store a file under a name of our own and find out how to read it. Nothing is left behind on failure."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}.csv"
    try:
        sha256, size = _store(stream, path, limit)
        return KeptFile(path, sha256, size, _recognise(path))
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise UnreadableFileError(Unreadable.NO_ROOM) from error
        raise
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _store(stream: IO[bytes], path: Path, limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > limit:
                raise UnreadableFileError(Unreadable.TOO_LARGE)
            digest.update(block)
            file.write(block)
    return digest.hexdigest(), size


def _recognise(path: Path) -> Table:
    with path.open("rb") as file:
        is_zip = file.read(4) == ZIP_SIGNATURE
    table = _convert_workbook(path) if is_zip else sniff_csv(path)
    if next(read_records(path, table), None) is None:
        raise UnreadableFileError(Unreadable.HEADER_ONLY)
    return table


def _convert_workbook(path: Path) -> Table:
    _check_archive(path)
    workbook = path.rename(path.with_suffix(".xlsx"))
    try:
        answer = _run_converter(workbook, path)
    finally:
        workbook.unlink()
    return describe_converted(path, sheet=answer["sheet"], sheets=answer["sheets"])


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableFileError(Unreadable.BROKEN_WORKBOOK) from error
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise UnreadableFileError(Unreadable.BINARY)
    inflated = sum(entry.file_size for entry in entries)
    allowed = min(MAX_INFLATED, max(path.stat().st_size, 100_000) * MAX_INFLATION)
    if inflated > allowed or len(entries) > MAX_ZIP_ENTRIES:
        raise UnreadableFileError(Unreadable.INFLATES)


def _run_converter(workbook: Path, target: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "telesales.uploads.convert", str(workbook), str(target)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, capture_output=True, check=True, timeout=SECONDS_LIMIT, cwd=_SOURCE_ROOT
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        target.unlink(missing_ok=True)
        raise UnreadableFileError(Unreadable.BROKEN_WORKBOOK) from error
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


_SOURCE_ROOT = Path(__file__).parents[2]
