"""Reading numbers as people type them."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from telesales.i18n import number


class TypedError(ValueError):
    """What was typed cannot be read; the message is for the person."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and largest number that is taken."""

    least: int
    most: int


def read_whole(text: str, bounds: Bounds) -> int:
    """A whole number within bounds."""
    plain = text.strip()
    if not (plain.isascii() and plain.removeprefix("-").isdigit()):
        raise TypedError(_("Type a whole number."))
    return int(_within(Decimal(plain), bounds))


def read_decimal(text: str, bounds: Bounds) -> Decimal:
    """A number within bounds, with a point or a comma."""
    try:
        value = Decimal(text.strip().rstrip("%").strip().replace(",", "."))
    except InvalidOperation as error:
        raise TypedError(_("Type a number.")) from error
    if not value.is_finite():
        raise TypedError(_("Type a number."))
    return _within(value, bounds)


def _within(value: Decimal, bounds: Bounds) -> Decimal:
    if bounds.least <= value <= bounds.most:
        return value
    raise TypedError(
        _("Between %(least)s and %(most)s.", least=number(bounds.least), most=number(bounds.most))
    )


def plain(value: Decimal | float) -> str:
    """Write a number without needless zeros: 3, 2.5."""
    return f"{Decimal(str(value)).normalize():f}"
