"""Guessing which column is which of our fields: by its heading, then by what is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telesales.compliance.number_columns import column, number_share
from telesales.leads.importing.fields import CUSTOM_PREFIX, Field, field_of_heading
from telesales.uploads.table import ADDED_MARK

SURE_SHARE = 0.8  # of a column's cells that are numbers
POSSIBLE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column probably is; a doubtful guess is marked for the person."""

    field: Field
    is_doubtful: bool


def guess_columns(columns: Sequence[str], rows: Sequence[Sequence[str]], region: str) -> dict[str, Guess]:
    """Guesses by column label; each field once."""
    named = _by_heading(columns)
    guesses = {label: guess for label, guess in named.items() if guess.field is not Field.NUMBER}
    number = _number_column(columns, rows, region, named)
    if number:
        guesses[number[0]] = number[1]
    _guess_email(columns, rows, guesses)
    if not any(
        guess.field in (Field.NAME, Field.FAMILY_NAME, Field.GIVEN_NAME) for guess in guesses.values()
    ):
        _guess_name(columns, rows, guesses)
    return guesses


def _by_heading(columns: Sequence[str]) -> dict[str, Guess]:
    """Plain headings first; of two columns for one field the left one counts, numbers are settled by content."""
    guesses: dict[str, Guess] = {}
    taken: set[Field] = set()
    found = [(label, *field_of_heading(label)) for label in columns]
    for label, field, is_plain in sorted(found, key=lambda item: not item[2]):
        if field is not None and (field is Field.NUMBER or field not in taken):
            taken.add(field)
            guesses[label] = Guess(field, is_doubtful=not is_plain)
    return guesses


def _number_column(
    columns: Sequence[str], rows: Sequence[Sequence[str]], region: str, named: Mapping[str, Guess]
) -> tuple[str, Guess] | None:
    best: tuple[tuple[bool, bool, float, int], str] | None = None
    for index, label in enumerate(columns):
        guess = named.get(label)
        is_named = guess is not None and guess.field is Field.NUMBER
        if guess is not None and not is_named and not guess.is_doubtful:
            continue
        cells = column(rows, index)
        share = number_share(cells, region)
        rank = (share >= POSSIBLE_SHARE, is_named, _filled(cells) * share, -index)
        if (share >= POSSIBLE_SHARE or is_named) and (best is None or rank > best[0]):
            best = rank, label
    if best is None:
        return None
    (_has_numbers, is_named, share, _place), label = best
    plainly = is_named and not named[label].is_doubtful
    return label, Guess(Field.NUMBER, is_doubtful=not (plainly and share >= SURE_SHARE))


def _filled(cells: Sequence[str]) -> float:
    return sum(bool(cell.strip()) for cell in cells) / (len(cells) or 1)


def _guess_email(columns: Sequence[str], rows: Sequence[Sequence[str]], guesses: dict[str, Guess]) -> None:
    if any(guess.field is Field.EMAIL for guess in guesses.values()):
        return
    for index, label in enumerate(columns):
        cells = [cell for cell in column(rows, index) if cell.strip()]
        if (
            label not in guesses
            and cells
            and sum("@" in cell for cell in cells) >= POSSIBLE_SHARE * len(cells)
        ):
            guesses[label] = Guess(Field.EMAIL, is_doubtful=True)
            return


def _guess_name(columns: Sequence[str], rows: Sequence[Sequence[str]], guesses: dict[str, Guess]) -> None:
    """Without any heading for it: the first column of words."""
    for index, label in enumerate(columns):
        cells = [cell for cell in column(rows, index) if cell.strip()]
        words = sum(not any(map(str.isdecimal, cell)) and "@" not in cell for cell in cells)
        if label not in guesses and cells and words >= SURE_SHARE * len(cells):
            guesses[label] = Guess(Field.NAME, is_doubtful=True)
            return


def mapping_of(columns: Sequence[str], guesses: Mapping[str, Guess]) -> dict[str, str]:
    """The mapping as it is stored: our field -> their column; a column without a field is kept under its name."""
    mapping = {guess.field.value: label for label, guess in guesses.items()}
    kept = (label for label in columns if label not in guesses and not is_our_own(label))
    return mapping | {f"{CUSTOM_PREFIX}{label}": label for label in kept}


def is_our_own(label: str) -> bool:
    """Columns that we add to a file of rejected rows; a corrected file brings them back."""
    return label.startswith(ADDED_MARK)


def fitting(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """The part of a mapping whose columns exist, however their capitals are written."""
    written = {label.casefold(): label for label in columns}
    return {
        field: written[label.casefold()] for field, label in mapping.items() if label.casefold() in written
    }
