"""Text of Asterisk's configuration files, safely quoted."""

from collections.abc import Iterable, Sequence

NOTE = (
    "; Written by `flask telephony config` from the telephony file. Change that file and write this again.\n"
)
Line = tuple[str, object]


def section(name: str, lines: Iterable[Line], *, arrow: bool = False) -> str:
    """One `[name]` with its lines; a value of None or "" is left out, True and False become yes and no."""
    sign = " => " if arrow else " = "
    kept = [f"{key}{sign}{_plain(value)}" for key, value in lines if value not in (None, "")]
    return "\n".join([f"[{name}]", *kept]) + "\n"


def document(*sections: str) -> str:
    """A whole file."""
    return "\n".join([NOTE, *sections])


def comma(values: Sequence[str]) -> str:
    """A list as Asterisk writes it."""
    return ",".join(values)


def host_port(host: str, port: int) -> str:
    """Host and port; an IPv6 address gets its brackets."""
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


class UnwritableError(ValueError):
    """A value that no configuration file can hold; the message is for the operator and does not show it."""


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if any(ord(character) < 32 for character in text) or text != text.strip():
        raise UnwritableError("a password has a line break or a space at its end. Choose another one")
    return text.replace(";", "\\;")
