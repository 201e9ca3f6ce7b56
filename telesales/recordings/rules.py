"""Pure decisions about recordings."""

import hashlib


def is_in_share(attempt_id: int, percent: int) -> bool:
    """Whether a call is one of so many percent: decided by its number alone, so that asked again it is the same."""
    digest = hashlib.sha256(f"recording {attempt_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") * 100 < percent * 2**32
