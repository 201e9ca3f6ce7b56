"""Names of sound files that a node plays, as its operator has to name them."""

import hashlib


def announcement_files(campaign_id: int, text: str) -> tuple[str, ...]:
    """Names of the sound files of an announcement that the call is recorded, the best first."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return (f"campaign-{campaign_id}-announcement", f"announcement-{digest}")
