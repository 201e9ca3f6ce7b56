"""Random tokens that a browser keeps and of which we keep only the hash."""

import hashlib
import secrets


def new_token() -> str:
    """Return 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
