"""Keeps what lies in the spool of this machine. What cannot be kept now is tried again after growing pauses by the clock;
what can never be kept is set aside with its reason (`dialer.spool`). Whoever dies at any line, the next run goes on.
"""

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import redis
from flask import Flask
from rq.timeouts import BaseTimeoutException

from dialer.ports import ShelfUnavailableError, UnknownCallError, UnreadableRecordingError
from dialer.spool import (
    STATE,
    Spooled,
    list_aside,
    list_spooled,
    list_strangers,
    set_aside,
    spool_folder,
    write_safely,
)
from dialer.spool_news import tell_spool
from telesales import clock
from telesales.extensions import db, redis_client
from telesales.recordings.shelf import DatabaseShelf

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 15.0, 900.0
GIVE_UP_SECONDS = 86_400.0  # a file of its own trouble is set aside after so long
TURN_SECONDS = 300.0  # the clock asks again
EVERYTHING = ""  # in place of a name: the shelf itself is away


@dataclass(frozen=True, slots=True)
class Wait:
    """Tries that came to nothing. Times are seconds since 1970."""

    tries: int
    again_at: float
    why: str
    own_since: float = 0.0  # first trouble of this very file; 0 while only the shelf was away


class Spooling:
    """One run."""

    def __init__(self, app: Flask) -> None:
        self._shelf = DatabaseShelf(app)
        self._folder = spool_folder(app.config["TELESALES"].data_dir)
        self._waits = read_waits(self._folder)

    def run(self) -> None:
        """Keep what can be kept now, and tell what is left."""
        began = clock.now().timestamp()
        for path in list_strangers(self._folder, began - GIVE_UP_SECONDS):
            self._give_up(path, "no carrier finished this file, or its name tells no call")
        if self._is_due(EVERYTHING, began):
            for file in self._due(began):
                if not self._take(file) or clock.now().timestamp() - began > TURN_SECONDS:
                    break
        self._forget_gone()
        self._tell()

    def _due(self, now: float) -> list[Spooled]:
        """Files to try, the ones that never failed first: one file that the store refuses does not hold up the others."""
        due = [file for file in list_spooled(self._folder) if self._is_due(file.path.name, now)]
        return sorted(due, key=lambda file: self._tries(file.path.name))

    def _tries(self, name: str) -> int:
        return self._waits[name].tries if name in self._waits else 0

    def _is_due(self, name: str, now: float) -> bool:
        return name not in self._waits or self._waits[name].again_at <= now

    def _take(self, file: Spooled) -> bool:
        """False when the shelf is away and nothing else needs to be tried."""
        name = file.path.name
        try:
            self._shelf.keep(file.attempt_id, file.side, file.started_at, file.path)
        except ShelfUnavailableError as error:
            log.warning("recordings wait in the spool: %s", error)
            self._wait(EVERYTHING, str(error))
            self._wait(name, str(error), is_own=False)
            return False
        except UnknownCallError as error:
            self._wait(name, str(error))
        except UnreadableRecordingError as error:
            self._give_up(file.path, str(error))
        except BaseTimeoutException:
            raise
        except Exception as error:
            db.session.rollback()
            log.exception("recording %s could not be kept", name)
            self._wait(name, f"{type(error).__name__}: {error}")
        else:
            self._forget(name, EVERYTHING)
        self._give_up_old(file)
        return True

    def _give_up_old(self, file: Spooled) -> None:
        wait = self._waits.get(file.path.name)
        if wait and wait.own_since and wait.again_at - wait.own_since > GIVE_UP_SECONDS:
            self._give_up(file.path, wait.why)

    def _give_up(self, path: Path, why: str) -> None:
        target = set_aside(path, why)
        if target is not None:
            log.error("recording set aside as %s: %s", target, why)
        self._forget(path.name)

    def _wait(self, name: str, why: str, *, is_own: bool = True) -> None:
        """A file that only met a shelf that is away has no pause of its own."""
        now = clock.now().timestamp()
        known = self._waits.get(name) or Wait(0, now, why)
        pause = min(FIRST_PAUSE * 2.0 ** min(known.tries, 10), LONGEST_PAUSE) if is_own else 0.0
        own_since = known.own_since or now if is_own and name else known.own_since
        self._waits[name] = Wait(known.tries + 1, now + pause, why, own_since)
        self._write()

    def _forget_gone(self) -> None:
        there = {file.path.name for file in list_spooled(self._folder)}
        self._forget(*(set(self._waits) - there - {EVERYTHING}))

    def _forget(self, *names: str) -> None:
        gone = [name for name in names if self._waits.pop(name, None)]
        if gone:
            self._write()

    def _write(self) -> None:
        text = json.dumps({name: asdict(wait) for name, wait in self._waits.items()})
        write_safely(self._folder / STATE, text)

    def _tell(self) -> None:
        waiting = [(_written_at(file.path), file.path.name) for file in list_spooled(self._folder)]
        oldest_at, oldest = min(waiting, default=(0.0, ""))
        wait = self._waits.get(EVERYTHING) or self._waits.get(oldest)
        try:
            tell_spool(
                redis_client(),
                str(self._folder),
                waiting=len(waiting),
                oldest_at=oldest_at,
                aside=len(list_aside(self._folder)),
                why=wait.why if wait else "",
            )
        except redis.RedisError as error:
            log.warning("nobody is told of the spool: %s", error)


def read_waits(folder: Path) -> dict[str, Wait]:
    """What is remembered of tries; a file that cannot be read is forgotten, and everything tried at once."""
    try:
        told = json.loads((folder / STATE).read_text())
        return {name: Wait(**wait) for name, wait in told.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        log.warning("%s is not read: %s", folder / STATE, error)
        return {}


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
