"""What is sold: rows of a name and a price."""

from typing import NamedTuple

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from telesales.campaigns.values import ProductValue
from telesales.money import Money, MoneyError, digits_of, parse_money

EMPTY_ROWS = 2
MAX_NAME = 120


class TypedProduct(NamedTuple):
    """One row."""

    id: str
    name: str
    price: str


def typed_products(form: MultiDict[str, str]) -> list[TypedProduct]:
    """Rows as they were typed; empty ones are left out."""
    columns = (form.getlist("product_id"), form.getlist("product_name"), form.getlist("product_price"))
    rows = [TypedProduct(*(cell.strip() for cell in row)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row.name or row.price]


def shown_products(products: tuple[ProductValue, ...], currency: str) -> list[TypedProduct]:
    """Stored products as the rows show them."""
    return [
        TypedProduct(str(product.id or ""), product.name, shown_price(product.price_minor, currency))
        for product in products
    ]


def shown_price(minor: int, currency: str) -> str:
    """A price without its currency, as it can be typed again."""
    return f"{Money(minor, currency).amount:.{digits_of(currency)}f}"


def read_products(rows: list[TypedProduct], currency: str) -> tuple[tuple[ProductValue, ...], dict[str, str]]:
    """The products, and an error for each row (`product_0` …) that cannot be read."""
    products: list[ProductValue] = []
    errors: dict[str, str] = {}
    for place, row in enumerate(rows):
        problem, minor = _read_row(row, currency)
        if problem:
            errors[f"product_{place}"] = problem
        products.append(ProductValue(int(row.id) if row.id.isdigit() else None, row.name, minor))
    return tuple(products), errors


def _read_row(row: TypedProduct, currency: str) -> tuple[str, int]:
    if not row.name or len(row.name) > MAX_NAME:
        return _("Give the product a name of at most %(count)s characters.", count=MAX_NAME), 0
    try:
        return "", parse_money(row.price, currency).minor
    except MoneyError:
        return _("Type the price as an amount in %(currency)s.", currency=currency), 0
