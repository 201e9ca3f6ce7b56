"""Whole addresses of sign-in links, for people to copy."""

from flask import current_app, has_request_context, request

from telesales.config import Settings


def link_address(token: str) -> str:
    """Prefer the address that the operator stated: the one in a request can be forged."""
    settings: Settings = current_app.config["TELESALES"]
    origin = settings.public_url
    if not origin and has_request_context():
        origin = request.host_url
    return f"{(origin or f'http://{settings.host}:{settings.port}').rstrip('/')}/sign-in/{token}"
