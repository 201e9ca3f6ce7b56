"""Which edition of the whiteboard's page is installed: a television that shows an older one loads it anew."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = (
    "whiteboard/templates/whiteboard/show_screen.html",
    "static/css/whiteboard.css",
    "static/js/push.js",
    "static/js/live.js",
    "static/js/whiteboard.js",
    "static/js/whiteboard/drawing.js",
    "static/js/whiteboard/rows.js",
    "static/js/whiteboard/stage.js",
)


@cache
def page_version() -> str:
    """Return a short hash of everything the page is made of."""
    whole = hashlib.sha256()
    for part in PARTS:
        whole.update((ROOT / part).read_bytes())
    return whole.hexdigest()[:12]
