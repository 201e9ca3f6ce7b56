"""The one place in the dialer that asks for the time."""

import time


def now() -> float:
    """Seconds since 1970, UTC."""
    return time.time()
