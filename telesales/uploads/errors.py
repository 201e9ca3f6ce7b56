"""Why a file cannot be read."""

from enum import StrEnum


class Unreadable(StrEnum):
    """Reasons; `words.explain` says them to a person."""

    EMPTY = "empty"
    HEADER_ONLY = "header_only"
    BINARY = "binary"
    OLD_EXCEL = "old_excel"
    TOO_LARGE = "too_large"
    TOO_MANY_COLUMNS = "too_many_columns"
    INFLATES = "inflates"
    BROKEN_WORKBOOK = "broken_workbook"
    NO_ROOM = "no_room"
    NO_NUMBERS = "no_numbers"


class UnreadableFileError(Exception):
    """The file is not a table that we can read."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason.value)
        self.reason = reason
