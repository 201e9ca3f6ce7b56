"""What was found out about a file: enough to read the same rows again at any time."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MAX_COLUMNS = 500
MAX_LABEL = 100
ADDED_MARK = "✗ "  # begins headings that we add to a file of rejected rows


@dataclass(frozen=True, slots=True)
class Table:
    """`header_row` counts from 1; 0: the file has no header. `columns` are unique labels, in order."""

    kind: str  # csv | xlsx (read through the CSV that was made of it)
    encoding: str
    delimiter: str
    header_row: int
    columns: tuple[str, ...]
    sheet: str = ""
    sheets: int = 1

    def to_json(self) -> dict[str, Any]:
        """For the database."""
        return {**asdict(self), "columns": list(self.columns)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Table":
        """Inverse of `to_json`."""
        return cls(**{**value, "columns": tuple(value["columns"])})

    @property
    def header_hash(self) -> str:
        """The same for every file with these columns in this order."""
        text = "\x1f".join(label.casefold() for label in self.columns if not label.startswith(ADDED_MARK))
        return hashlib.sha256(text.encode()).hexdigest()


def label_columns(header: Sequence[str], width: int) -> tuple[str, ...]:
    """Give every column a label of its own: empty ones are counted, repeated ones numbered."""
    labels: list[str] = []
    taken: set[str] = set()
    for index in range(width):
        text = " ".join(header[index].split())[:MAX_LABEL] if index < len(header) else ""
        label = text or f"Column {index + 1}"
        number = 2
        while label in taken:
            label = f"{text or 'Column'} ({number})"
            number += 1
        taken.add(label)
        labels.append(label)
    return tuple(labels)
