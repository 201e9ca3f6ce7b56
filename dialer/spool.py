"""Names of files on their way to the shelf of recordings: what a file is of survives whoever dies."""

import re
from pathlib import Path
from typing import NamedTuple

from dialer.ports import RecordingSide

_NAME = re.compile(r"(\d+)-([a-z]+)-(\d+)\.wav")


class Spooled(NamedTuple):
    """A finished file in the spool."""

    attempt_id: int
    side: RecordingSide
    started_at: float
    path: Path


def spool_folder(data_dir: Path) -> Path:
    """The folder, made when it is not there. Its files are not encrypted yet: nobody else may read them."""
    folder = data_dir / "spool"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def spool_path(folder: Path, attempt_id: int, side: RecordingSide, started_at: float) -> Path:
    """Where to put a file. Write it as `….part` and rename it when it is whole: then it may be taken at any time."""
    return folder / f"{attempt_id}-{side}-{round(started_at * 1000)}.wav"


def list_spooled(folder: Path) -> list[Spooled]:
    """Every finished file, the oldest first."""
    found = []
    for path in folder.glob("*.wav"):
        match = _NAME.fullmatch(path.name)
        if match and match[2] in set(RecordingSide):
            found.append(
                Spooled(int(match[1]), RecordingSide(match[2]), int(match[3]) / 1000, folder / path.name)
            )
    return sorted(found, key=lambda file: file.started_at)
