"""Merge fields: `{{lead.name|there}}` in a text becomes the lead's name, or "there" when it is not known."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_FIELD = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*(?:\|([^{}]*))?\}\}")
_WIDE_BREAK = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\n[ \t]*|[ \t]*\n[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])"
)
_LEFT_OVER = re.compile(r"\{\{|\}\}")

LEAD_NAMES = frozenset(
    {
        "lead.name",
        "lead.first_name",
        "lead.company",
        "lead.address",
        "lead.city",
        "lead.state",
        "lead.postal_code",
        "lead.country",
        "lead.email",
        "lead.number",
    }
)
OTHER_NAMES = frozenset({"agent.name", "agent.first_name", "campaign.name", "client.name", "centre.name"})


@dataclass(frozen=True, slots=True)
class MergeField:
    """One place in a text that is filled in. `fallback` is None when the text gives none."""

    name: str
    fallback: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of rendered text. `field` names what was filled in; `known` tells whether a value was there."""

    text: str
    field: str = ""
    known: bool = True


def merge_fields(text: str) -> Iterator[MergeField]:
    """Every merge field of a text, in order."""
    return (_merge_field(match) for match in _FIELD.finditer(text))


def has_broken_braces(text: str) -> bool:
    """Tell whether braces remain that are no merge field."""
    return _LEFT_OVER.search(_FIELD.sub("", text)) is not None


def _merge_field(match: re.Match[str]) -> MergeField:
    fallback = match.group(2)
    return MergeField(name=match.group(1), fallback=None if fallback is None else fallback.strip())


def render(text: str, values: Mapping[str, str]) -> Sequence[Piece]:
    """Split a text into plain and filled-in pieces. Values are inserted as they are and never read again."""
    pieces: list[Piece] = []
    end = 0
    for match in _FIELD.finditer(text):
        pieces.append(Piece(text[end : match.start()]))
        pieces.append(_filled(_merge_field(match), values))
        end = match.end()
    pieces.append(Piece(text[end:]))
    return [piece for piece in pieces if piece.text]


def _filled(merge: MergeField, values: Mapping[str, str]) -> Piece:
    value = values.get(merge.name, "").strip()
    if value:
        return Piece(value, field=merge.name)
    return Piece(merge.fallback if merge.fallback is not None else "…", field=merge.name, known=False)


def rendered(text: str, values: Mapping[str, str]) -> str:
    """Render a text as one string."""
    return "".join(piece.text for piece in render(text, values))


def paragraphs(text: str, values: Mapping[str, str]) -> Sequence[Sequence[Piece]]:
    """Render a text paragraph by paragraph; a blank line parts them, a single line break does not."""
    blocks = [_one_line(block) for block in re.split(r"\n\s*\n", text.strip())]
    return [render(block, values) for block in blocks if block]


def _one_line(block: str) -> str:
    """Join lines with a space, but not between Chinese characters, which are written without."""
    return " ".join(_WIDE_BREAK.sub("", block).split())
