"""Credentials for a TURN server that shares a secret with us (coturn: use-auth-secret): they hold for a while and for one name."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

TURN_URL = re.compile(r"turns?:[A-Za-z0-9.-]+(:\d{1,5})?(\?transport=(udp|tcp))?")


@dataclass(frozen=True, slots=True)
class TurnLogin:
    """What a browser shows to the server."""

    username: str
    credential: str

    def __repr__(self) -> str:
        return f"TurnLogin({self.username!r})"


def turn_login(secret: str, name: str, expires: float) -> TurnLogin:
    """The server knows no names: the end of the time stands in the user name, and the secret proves it."""
    username = f"{int(expires)}:{name}"
    proof = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return TurnLogin(username, base64.b64encode(proof).decode())
