"""Work whose process dies at a line that is chosen."""

import os
import sys
from collections.abc import Callable
from types import ModuleType

from telesales.extensions import db


def dies(work: Callable[[], object], line: int, *watched: ModuleType) -> bool:
    """Let a child process do the work; True when it was ended at the so-many-th line of these modules' own code."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            db.engine.dispose(close=False)
            _die_at(line, {module.__file__ for module in watched})
            work()
            status = 0
        finally:
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def _die_at(line: int, files: set[str | None]) -> None:
    left = line

    def trace(frame, event: str, _argument):
        nonlocal left
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os._exit(9)
        return trace

    sys.settrace(trace)
