"""SIP messages, as much as a test needs."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field


class Message:
    """A request or an answer."""

    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        self.start, *self.lines = head.split("\r\n")
        words = self.start.split(" ", 2)
        self.code = int(words[1]) if words[0] == "SIP/2.0" else 0
        self.method = self.header("CSeq").split(" ")[-1] if self.code else words[0]
        self.uri = "" if self.code else words[1]

    def header(self, name: str) -> str:
        return next(iter(self.headers(name)), "")

    def headers(self, name: str) -> list[str]:
        prefix = name.lower() + ":"
        return [line[len(prefix) :].strip() for line in self.lines if line.lower().startswith(prefix)]

    @property
    def branch(self) -> str:
        found = re.search(r"branch=([^;,\s]+)", self.header("Via"))
        return found.group(1) if found else ""

    @property
    def media(self) -> tuple[str, int] | None:
        """Where the other side wants its audio."""
        port = re.search(r"m=audio (\d+)", self.body)
        host = re.search(r"c=IN IP4 (\S+)", self.body)
        return (host.group(1), int(port.group(1))) if host and port else None

    @property
    def held(self) -> bool:
        """The other side does not want to hear us for now."""
        return bool(re.search(r"a=(sendonly|inactive)", self.body))


@dataclass
class Dialog:
    """Who talks with whom: what every message within a call repeats."""

    call_id: str
    ours: str  # our From or To, with its tag
    theirs: str
    target: str  # where requests go
    sequence: int = 0
    routes: list[str] = field(default_factory=list)


def new_tag() -> str:
    return secrets.token_hex(5)


def new_branch() -> str:
    return f"z9hG4bK{secrets.token_hex(8)}"


def uri_of(header: str) -> str:
    """The address in a From, To or Contact."""
    found = re.search(r"<([^>]+)>", header)
    return found.group(1) if found else header.split(";")[0]


def user_of(address: str) -> str:
    """The part before the @."""
    found = re.search(r"sips?:([^@;>]+)@", address)
    return found.group(1).replace("%2B", "+") if found else ""


def sdp(ip: str, port: int, *, direction: str = "sendrecv") -> str:
    return (
        f"v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 101\r\n"
        "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"
        f"a={direction}\r\n"
    )


def digest(challenge: str, user: str, password: str, method: str, uri: str) -> str:
    """The answer to a challenge (RFC 2617, MD5)."""
    asked = {
        key.lower(): value.strip('"') for key, value in re.findall(r'(\w+)=("[^"]*"|[^,\s]+)', challenge)
    }

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    realm, nonce = asked["realm"], asked["nonce"]
    fields = f'username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm=MD5'
    parts = [md5(f"{user}:{realm}:{password}"), nonce]
    if "qop" in asked:
        client_nonce = secrets.token_hex(4)
        parts += ["00000001", client_nonce, "auth"]
        fields += f', qop=auth, nc=00000001, cnonce="{client_nonce}"'
    if "opaque" in asked:
        fields += ', opaque="' + asked["opaque"] + '"'
    parts.append(md5(f"{method}:{uri}"))
    return f'Digest {fields}, response="{md5(":".join(parts))}"'
