"""From a TOML file (or the same as plain data) to a Script, with every mistake told where it is."""

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from scripts.script import (
    Answer,
    Choice,
    Disclosure,
    Field,
    FieldType,
    Objection,
    Outcome,
    Product,
    Script,
    Stage,
    Step,
)

Data = Mapping[str, Any]
Entry = TypeVar("Entry")
Word = TypeVar("Word", bound=StrEnum)


class ScriptError(ValueError):
    """A script that cannot be read; says where and what."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


class _Reader:
    """Takes named values out of a table and complains about what is missing, wrong or left over."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, Mapping):
            raise ScriptError(place, "a table is expected")
        self._data: Data = data
        self._left = set(data)
        self.place = place

    def _take(self, name: str, kind: type, default: Any) -> Any:
        self._left.discard(name)
        value = self._data.get(name, default)
        if value is None:
            raise ScriptError(self.place, f"“{name}” is missing")
        if not isinstance(value, kind):
            raise ScriptError(self.place, f"“{name}” has to be a {kind.__name__}")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        return str(self._take(name, str, default)).strip()

    def flag(self, name: str) -> bool:
        return bool(self._take(name, bool, False))

    def word(self, name: str, words: type[Word], default: Word | None = None) -> Word | None:
        self._left.discard(name)
        value = self._data.get(name, default)
        if value is None:
            return None
        try:
            return words(value)
        except ValueError:
            known = ", ".join(words)
            raise ScriptError(self.place, f"“{name}” is “{value}”, not one of {known}") from None

    def amount(self, name: str) -> Decimal:
        text = self.text(name)
        try:
            return Decimal(text)
        except InvalidOperation:
            raise ScriptError(self.place, f"“{name}” is “{text}”, not an amount") from None

    def table(self, name: str) -> Data:
        table: Data = self._take(name, Mapping, {})
        return table

    def entries(self, name: str, read: "Callable[[_Reader], Entry]") -> tuple[Entry, ...]:
        rows: Sequence[object] = self._take(name, list, [])
        return tuple(_whole(row, f"{self.place} › {name} {nth}", read) for nth, row in enumerate(rows, 1))

    def close(self) -> None:
        if self._left:
            raise ScriptError(self.place, f"unknown: {', '.join(sorted(self._left))}")


def _whole(data: object, place: str, read: Callable[[_Reader], Entry]) -> Entry:
    reader = _Reader(data, place)
    entry = read(reader)
    reader.close()
    return entry


def _choice(reader: _Reader) -> Choice:
    return Choice(key=reader.text("key"), title=reader.text("title"))


def _field(reader: _Reader) -> Field:
    return Field(
        key=reader.text("key"),
        title=reader.text("title"),
        type=reader.word("type", FieldType) or FieldType.TEXT,
        required=reader.flag("required"),
        choices=reader.entries("choices", _choice),
        hint=reader.text("hint", ""),
    )


def _answer(reader: _Reader) -> Answer:
    return Answer(key=reader.text("key"), title=reader.text("title"), goes_to=reader.text("goes_to"))


def _stage(reader: _Reader) -> Stage:
    stage = reader.word("stage", Stage)
    if stage is None:
        raise ScriptError(reader.place, "“stage” is missing")
    return stage


def _step(reader: _Reader) -> Step:
    return Step(
        key=reader.text("key"),
        title=reader.text("title"),
        stage=_stage(reader),
        text=reader.text("text"),
        note=reader.text("note", ""),
        disclosure=reader.word("disclosure", Disclosure),
        outcome=reader.word("outcome", Outcome),
        answers=reader.entries("answers", _answer),
        fields=reader.entries("fields", _field),
    )


def _objection(reader: _Reader) -> Objection:
    return Objection(
        key=reader.text("key"),
        title=reader.text("title"),
        text=reader.text("text"),
        note=reader.text("note", ""),
    )


def _product(reader: _Reader) -> Product:
    return Product(
        name=reader.text("name"), amount=reader.amount("amount"), currency=reader.text("currency").upper()
    )


def _script(reader: _Reader) -> Script:
    steps = reader.entries("steps", _step)
    if not steps:
        raise ScriptError(reader.place, "a script needs at least one step")
    return Script(
        key=reader.text("key"),
        title=reader.text("title"),
        language=reader.text("language"),
        first=reader.text("first", steps[0].key),
        steps=steps,
        purpose=reader.text("purpose", ""),
        objections=reader.entries("objections", _objection),
        products=reader.entries("products", _product),
        lead_fields={str(key): str(title) for key, title in reader.table("lead_fields").items()},
    )


def script_from(data: object, *, place: str = "script") -> Script:
    """Read a script from plain data, as TOML and JSON give it."""
    return _whole(data, place, _script)


def data_from(text: str, *, place: str = "script") -> dict[str, Any]:
    """Parse TOML into plain data."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScriptError(place, str(error)) from None


def checksum(data: Data) -> str:
    """Fingerprint of the content: equal for equal content, whatever the layout of the file."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
