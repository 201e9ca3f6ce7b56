"""Files on their way to the shelf of recordings: what a file is of survives whoever dies, and none is lost silently.

What can never be kept goes to the folder `aside`, with its reason beside it in a file of the same name and `.txt`.
"""

import contextlib
import filecmp
import os
import re
from itertools import count
from pathlib import Path
from typing import NamedTuple

from dialer.ports import RecordingSide

ASIDE = "aside"
UNFINISHED = ".part"
STATE = "waiting.json"  # what the shelf's side remembers of tries
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


def list_strangers(folder: Path, before: float) -> list[Path]:
    """Files that nobody has written to since `before` and that nobody will take: unfinished ones, and ones without a call's name."""
    known = {file.path for file in list_spooled(folder)}
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path not in known and not path.name.startswith(STATE) and _age(path) < before
    )


def list_aside(folder: Path) -> list[tuple[Path, str]]:
    """What was set aside, and why."""
    aside = folder / ASIDE
    found = []
    for path in sorted(aside.iterdir()) if aside.is_dir() else ():
        if path.suffix != ".txt":
            with contextlib.suppress(OSError):
                found.append((path, reason_path(path).read_text().strip()))
    return found


def set_aside(path: Path, reason: str) -> Path | None:
    """Move a file to the folder `aside`, after its reason; None when it was gone. Whoever dies meanwhile, it is in one of both."""
    folder = path.parent / ASIDE
    folder.mkdir(exist_ok=True, mode=0o700)
    for number in count(1):
        target = folder / (path.name if number == 1 else f"{path.stem}.{number}{path.suffix}")
        if target.exists() and not _is_same(path, target):
            continue
        write_safely(reason_path(target), reason + "\n")
        try:
            with contextlib.suppress(FileExistsError):  # begun before
                os.link(path, target)
            path.unlink()
        except FileNotFoundError:
            if not target.exists():
                reason_path(target).unlink(missing_ok=True)
                return None
        sync_folder(folder)
        sync_folder(path.parent)
        return target
    raise AssertionError  # the numbers do not end


def take_back(path: Path) -> Path:
    """Put a file that was set aside into the spool again."""
    name = re.sub(r"\.\d+(?=\.wav$)", "", path.name).removesuffix(UNFINISHED)
    target = path.parent.parent / (name if name.endswith(".wav") else f"{name}.wav")
    with contextlib.suppress(FileExistsError):
        os.link(path, target)
    if not _is_same(path, target):
        raise FileExistsError(f"{target} is another file")
    path.unlink()
    reason_path(path).unlink(missing_ok=True)
    return target


def reason_path(path: Path) -> Path:
    """Where the reason of a file stands that was set aside."""
    return path.with_name(f"{path.name}.txt")


def write_safely(path: Path, text: str) -> None:
    """A small file that is there as a whole, old or new, whoever dies."""
    part = path.with_name(f"{path.name}.new")
    with open(part, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def sync_folder(folder: Path) -> None:
    """Names in a folder survive a power cut from now on."""
    sync_file(folder)


def sync_file(path: Path) -> None:
    """What was written survives a power cut from now on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other) or filecmp.cmp(one, other, shallow=False)
    except FileNotFoundError:
        return not one.exists()


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
