"""What the desk may send: the outcome of a call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from telesales.calls.rules import DispositionCode
from telesales.desk.service.outcomes import Outcome
from telesales.extensions import row_id
from telesales.money import Money, MoneyError, parse_money

MAX_NOTE = 2_000


@dataclass
class OutcomeForm:
    """The outcome panel as it was typed."""

    code: str
    note: str = ""
    product: str = ""
    amount: str = ""
    day: str = ""
    time: str = ""
    anyone: bool = False
    cancelled_sale: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "OutcomeForm":
        """Take what was typed."""
        return cls(
            code=form.get("code", ""),
            note=form.get("note", "").strip(),
            product=form.get("product", ""),
            amount=form.get("amount", "").strip(),
            day=form.get("day", ""),
            time=form.get("time", ""),
            anyone=form.get("anyone") == "1",
            cancelled_sale=form.get("cancelled_sale", ""),
        )

    def outcome(self, *, currency: str, zone: str) -> Outcome | None:
        """The outcome that was meant; None when a field has an error. Times are the lead's."""
        code = self._code()
        if len(self.note) > MAX_NOTE:
            self.errors["note"] = _("This is too long.")
        is_sale, is_callback = code is DispositionCode.SALE, code is DispositionCode.CALLBACK
        price = self._price(currency) if is_sale else None
        callback_at = self._callback_at(zone) if is_callback else None
        product_id = self._product() if is_sale else None
        if code is None or self.errors:
            return None
        return Outcome(
            code=code,
            note=self.note,
            product_id=product_id,
            price=price,
            callback_at=callback_at,
            anyone=self.anyone,
            cancelled_sale_id=int(self.cancelled_sale) if self.cancelled_sale.isdecimal() else None,
        )

    def _code(self) -> DispositionCode | None:
        try:
            return DispositionCode(self.code)
        except ValueError:
            self.errors["code"] = _("Choose an outcome.")
            return None

    def _product(self) -> int | None:
        try:
            return row_id(self.product)
        except ValueError:
            self.errors["product"] = _("Choose what was sold.")
            return None

    def _price(self, currency: str) -> Money | None:
        problems: dict[str, str] = {
            "not_a_number": _("This is not an amount."),
            "too_precise": _("%(currency)s has no smaller unit than that.", currency=currency),
            "too_large": _("This is too much."),
            "negative": _("An amount cannot be negative."),
        }
        try:
            return parse_money(self.amount, currency)
        except MoneyError as error:
            self.errors["amount"] = problems.get(error.code, problems["not_a_number"])
            return None

    def _callback_at(self, zone: str) -> datetime | None:
        if not zone:
            self.errors["day"] = _("The time zone of this lead is not known, so no time can be agreed.")
            return None
        try:
            return datetime.fromisoformat(f"{self.day}T{self.time}").replace(tzinfo=ZoneInfo(zone))
        except ValueError:
            self.errors["day"] = _("Choose a day and a time.")
            return None
