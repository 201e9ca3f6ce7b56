"""A row of a file made into the values of a lead, or a reason why not. Runs once per row: kept short of calls."""

import json
from collections.abc import Mapping, Sequence

from telesales.compliance.zones import Address, find_zones
from telesales.leads.importing.fields import CUSTOM_PREFIX, Field
from telesales.leads.importing.names import join_name, split_scripts
from telesales.leads.importing.numbers import Reading, read_number
from telesales.leads.importing.places import country_of, language_of
from telesales.leads.models import ImportOutcome, Lead
from telesales.phone import InvalidNumberError
from telesales.uploads.reading import plain

MAX_CUSTOM = 2_000  # characters of one value
PLAIN_FIELDS = (
    Field.COMPANY,
    Field.EMAIL,
    Field.ADDRESS,
    Field.CITY,
    Field.STATE,
    Field.POSTAL_CODE,
    Field.EXTERNAL_ID,
)
MAX_LENGTH = {
    column.name: column.type.length
    for column in Lead.__table__.columns
    if column.name in ("name", "latin_name", *PLAIN_FIELDS)
}


NAME_PARTS = (Field.FAMILY_NAME, Field.GIVEN_NAME, Field.LATIN_NAME)
NO_VALUES = {
    **dict.fromkeys((*PLAIN_FIELDS, "name", "latin_name", "country", "language"), ""),
    "custom": "{}",
}


class RowRejectedError(Exception):
    """The row becomes no lead; `reason` is a code, with a detail after a colon."""

    def __init__(self, outcome: ImportOutcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason[:200]


class RowReader:
    """Reads the rows of one file by its mapping. Cells were stripped of nothing before."""

    def __init__(self, *, columns: Sequence[str], mapping: Mapping[str, str], region: str) -> None:
        places = {label: index for index, label in enumerate(columns)}
        self.width = len(columns)
        self.region = region
        self.index = {field: places.get(mapping.get(field.value, "")) for field in Field}
        self.plain_fields = [
            (field.value, place, MAX_LENGTH[field.value])
            for field in PLAIN_FIELDS
            if (place := self.index[field]) is not None
        ]
        self.name_is_parted = any(self.index[part] is not None for part in NAME_PARTS)
        self.custom = [
            (field.removeprefix(CUSTOM_PREFIX), places[label])
            for field, label in mapping.items()
            if field.startswith(CUSTOM_PREFIX) and label in places
        ]
        self._zones: dict[tuple[str, str, str, tuple[str, ...]], tuple[str, str]] = {}

    def read(self, cells: list[str]) -> dict[str, str]:
        """Values of a lead by column name, JSON as text. Raises RowRejectedError."""
        cells = self._fitted(cells)
        country = self._country(self._cell(cells, Field.COUNTRY))
        number, number_zones = self._number(self._cell(cells, Field.NUMBER), country or self.region)
        values = NO_VALUES.copy()
        values["number"] = number
        for name, place, limit in self.plain_fields:
            values[name] = text = _tidy(cells[place])
            if len(text) > limit:
                raise RowRejectedError(ImportOutcome.INVALID_ROW, f"too_long:{name}")
        self._add_names(values, cells)
        self._complete_address(values, country)
        values["zone_key"], values["zone_evidence"] = self._find_zones(values, number_zones)
        if self.custom:
            values["custom"] = self._custom(cells)
        values["language"] = self._language(cells)
        return values

    def _fitted(self, cells: list[str]) -> list[str]:
        missing = self.width - len(cells)
        if missing > 0:
            if not cells:
                raise RowRejectedError(ImportOutcome.INVALID_ROW, "unreadable")
            return cells + [""] * missing
        if missing < 0 and any(map(str.strip, cells[self.width :])):
            raise RowRejectedError(ImportOutcome.INVALID_ROW, "more_cells")
        return cells

    def _cell(self, cells: Sequence[str], field: Field) -> str:
        place = self.index[field]
        return "" if place is None else plain(cells[place])

    def _country(self, text: str) -> str:
        if not text.strip():
            return ""
        country = country_of(text)
        if country is None:
            raise RowRejectedError(ImportOutcome.INVALID_ROW, f"country:{_tidy(text)}")
        return country

    def _number(self, cell: str, region: str) -> Reading:
        try:
            return read_number(cell, region)
        except InvalidNumberError as error:
            raise RowRejectedError(ImportOutcome.INVALID_NUMBER, error.reason) from None

    def _add_names(self, values: dict[str, str], cells: Sequence[str]) -> None:
        name = _tidy(self._cell(cells, Field.NAME))
        if self.name_is_parted:
            family, given, latin = (_tidy(self._cell(cells, part)) for part in NAME_PARTS)
            name = name or join_name(family, given)
            values["latin_name"] = latin
        if not name.isascii():
            name, latin = split_scripts(name)
            values["latin_name"] = values["latin_name"] or latin
        values["name"] = name
        for part in ("name", "latin_name"):
            if len(values[part]) > MAX_LENGTH[part]:
                raise RowRejectedError(ImportOutcome.INVALID_ROW, f"too_long:{part}")

    def _complete_address(self, values: dict[str, str], country: str) -> None:
        if not country and (values["state"] or values["postal_code"]):
            country = self.region
        values["country"] = country
        code = values["postal_code"]
        if country == "US" and code.isdecimal() and 3 <= len(code) < 5:
            values["postal_code"] = code.zfill(5)  # spreadsheets eat the noughts in front

    def _find_zones(self, values: Mapping[str, str], number_zones: tuple[str, ...]) -> tuple[str, str]:
        key = (values["country"], values["state"], values["postal_code"][:3], number_zones)
        known = self._zones.get(key)
        if known is None:
            finding = find_zones(Address(*key[:3]), number_zones)
            known = self._zones[key] = (finding.zone_key, json.dumps(finding.evidence))
        return known

    def _custom(self, cells: Sequence[str]) -> str:
        custom: dict[str, str] = {}
        for name, place in self.custom:
            if text := cells[place].strip():
                if len(text) > MAX_CUSTOM:
                    raise RowRejectedError(ImportOutcome.INVALID_ROW, f"too_long:{name}")
                custom[name] = plain(text)
        return json.dumps(custom)

    def _language(self, cells: Sequence[str]) -> str:
        text = self._cell(cells, Field.LANGUAGE).strip()
        if not text:
            return ""
        language = language_of(text)
        if language is None:
            raise RowRejectedError(ImportOutcome.INVALID_ROW, f"language:{_tidy(text)}")
        return language


def _tidy(cell: str) -> str:
    """One line, one space between words."""
    return " ".join((plain(cell) if cell[:1] == "'" else cell).split())
