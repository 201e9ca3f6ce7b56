"""Reads one table of the telephony file, key by key. Every mistake is kept with its place and what to write instead."""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
ENVIRONMENT_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]+\]?")
NO_TOKEN = re.compile(r"[\s;,\"\\\[\]#]")  # what would end or change a line of Asterisk's own files


class TableReader:
    """One table. A key that is never asked for is a mistake too, so that a misspelt one does not pass."""

    def __init__(self, table: Mapping[str, Any], place: str, mistakes: list[str]) -> None:
        self._table = table
        self._place = place
        self._mistakes = mistakes
        self._known: set[str] = set()

    def blame(self, key: str, sentence: str) -> None:
        """Keep a mistake."""
        self._mistakes.append(f"{self._place}{key}: {sentence}")

    def has(self, key: str) -> bool:
        """Say whether the key is written."""
        return key in self._table

    def text(
        self, key: str, default: str | None = None, *, hint: str, fits: Callable[[str], object] = bool
    ) -> str:
        """A text that fits; without a default it must be there."""
        value: str = self._get(key, str, default, hint)
        if value and not fits(value):
            self.blame(key, f"{value!r} cannot be used. Write {hint}")
            return ""
        return value

    def name(self, key: str, default: str | None = None) -> str:
        """A short name that can stand in Redis keys, SIP addresses and file names."""
        return self.text(
            key,
            default,
            fits=NAME.fullmatch,
            hint='a short name of small letters, digits, "-" and "_", like "london-1"',
        )

    def token(self, key: str, default: str | None = None, *, hint: str) -> str:
        """A word that Asterisk's files can hold."""
        return self.text(key, default, fits=lambda value: not NO_TOKEN.search(value), hint=hint)

    def secret_name(self, key: str, default: str | None = None) -> str:
        """The NAME of an environment variable: the file itself holds no secret."""
        return self.text(
            key,
            default,
            fits=ENVIRONMENT_NAME.fullmatch,
            hint='the name of the environment variable that holds the password, like "TRUNK_PASSWORD", '
            "not the password itself",
        )

    def url(self, key: str, schemes: Sequence[str], default: str | None = None, *, hint: str) -> str:
        """An address with one of these schemes and a host."""
        return self.text(key, default, fits=lambda value: _is_url(value, schemes), hint=hint)

    def host(self, key: str, default: str | None = None, *, hint: str) -> str:
        """A host name or an IP address."""
        return self.text(key, default, fits=HOST.fullmatch, hint=hint)

    def address(self, key: str, default: str | None = None, *, hint: str) -> str:
        """An IP address."""
        return self.text(key, default, fits=_is_address, hint=hint)

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int, hint: str) -> int:
        """A whole number within bounds."""
        value: int = self._get(key, int, default, hint)
        if not least <= value <= most:
            self.blame(key, f"{value} is out of range ({least} to {most}). Write {hint}")
            return least
        return value

    def number(self, key: str, default: float | None = None, *, most: float, hint: str) -> float:
        """A number above zero."""
        value = self._get(key, (int, float), default, hint)
        if not 0 < value <= most:
            self.blame(key, f"{value:g} is out of range (above 0, at most {most:g}). Write {hint}")
            return most
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self._get(key, bool, default, "true or false"))

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """One of a few words."""
        hint = "one of " + ", ".join(f'"{choice}"' for choice in choices)
        return self.text(key, default, fits=choices.__contains__, hint=hint)

    def texts(
        self, key: str, default: Sequence[str] | None = None, *, hint: str, fits: Callable[[str], object]
    ) -> tuple[str, ...]:
        """A list of texts that fit, none of them twice."""
        values = self._get(key, list, list(default) if default is not None else None, hint)
        kept: list[str] = []
        for value in values:
            if not isinstance(value, str) or not fits(value):
                self.blame(key, f"{value!r} cannot be used. Write {hint}")
            elif value in kept:
                self.blame(key, f"{value!r} stands there twice. Leave one out")
            else:
                kept.append(value)
        return tuple(kept)

    def table(self, key: str) -> "TableReader":
        """A table inside this one; empty when it is not written."""
        value = self._get(key, dict, {}, f"a table [{key}]")
        return TableReader(value, f"{self._place}{key}.", self._mistakes)

    def tables(self, key: str) -> list["TableReader"]:
        """Every table of a list of tables."""
        value = self._get(key, list, [], f"one or more tables [[{key}]]")
        if not all(isinstance(item, dict) for item in value):
            self.blame(key, f"this is not a list of tables. Write one or more tables [[{key}]]")
            return []
        return [
            TableReader(item, f"{self._place}{key}[{index}].", self._mistakes)
            for index, item in enumerate(value, start=1)
        ]

    def finish(self) -> None:
        """Blame every key that nobody asked for."""
        for key in sorted(set(self._table) - self._known):
            known = ", ".join(sorted(self._known))
            self.blame(key, f"this key is not known here. Known are: {known}")

    def _get(self, key: str, kind: type | tuple[type, ...], default: Any, hint: str) -> Any:
        self._known.add(key)
        if key not in self._table:
            if default is None:
                self.blame(key, f"this is missing. Write {hint}")
            return _empty_of(kind) if default is None else default
        value = self._table[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.blame(key, f"{value!r} is not of the right kind. Write {hint}")
            return _empty_of(kind) if default is None else default
        return value


def is_number(value: str) -> bool:
    """Say whether this is an E.164 number."""
    return NUMBER.fullmatch(value) is not None


def is_network(value: str) -> bool:
    """Say whether this is an IP address or a network."""
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def is_path(value: str) -> bool:
    """Say whether this is an absolute path that Asterisk's files can hold."""
    return value.startswith("/") and not NO_TOKEN.search(value)


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _is_url(value: str, schemes: Sequence[str]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _empty_of(kind: type | tuple[type, ...]) -> Any:
    return (kind[0] if isinstance(kind, tuple) else kind)()
