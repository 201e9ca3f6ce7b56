"""Parts of the machine that some tests need."""

import shutil
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared"


def find_chromium() -> str | None:
    """Path of the system's browser."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
