"""How a call ends for its agent: the outcome, with the sale or the promise that belongs to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from telesales.agents.models import User
from telesales.calls.models import CallAttempt, CallDisposition, Sale
from telesales.calls.rules import DispositionCode
from telesales.calls.service.dispositions import record_disposition
from telesales.calls.service.sales import find_sale, record_sale
from telesales.campaigns.models import Product
from telesales.campaigns.queries import products_of
from telesales.desk.errors import SaleGapsError, SaleSavedError
from telesales.desk.rules import Gap, sale_gaps
from telesales.desk.service.floor_events import say_wrapped_up
from telesales.desk.service.scripting import session_of
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.money import Money


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the agent says a call came to. A sale names product and price, a call-back its time."""

    code: DispositionCode
    note: str = ""
    product_id: int | None = None
    price: Money | None = None
    callback_at: datetime | None = None
    anyone: bool = False


def gaps_before_sale(attempt: CallAttempt) -> list[Gap]:
    """What has to be said or written down before this call may end in a sale."""
    session = session_of(attempt)
    return list(sale_gaps(session)) if session else []


def finish_call(user: User, attempt: CallAttempt, outcome: Outcome) -> CallDisposition:
    """Save the outcome and free the agent for the next call. Pressed twice, it counts once."""
    sold = sale_of(attempt)
    if outcome.code is DispositionCode.SALE:
        _sell(user, attempt, outcome, sold)
    elif sold is not None:
        raise SaleSavedError
    disposition = record_disposition(
        attempt,
        user,
        outcome.code,
        outcome.note,
        callback_at=outcome.callback_at if outcome.code is DispositionCode.CALLBACK else None,
        anyone=outcome.anyone,
    )
    say_wrapped_up(user, attempt, outcome.code)
    return disposition


def sale_of(attempt: CallAttempt) -> Sale | None:
    """The sale of a call, if it had one."""
    return find_sale(sale_key(attempt.id))


def sale_key(attempt_id: int) -> str:
    """One sale for a call, from however many windows it is pressed."""
    return f"call-{attempt_id}"


def _sell(user: User, attempt: CallAttempt, outcome: Outcome, sold: Sale | None) -> None:
    gaps = gaps_before_sale(attempt)
    if gaps:
        raise SaleGapsError(gaps)
    product = _product(attempt, outcome.product_id)
    price = outcome.price or Money(product.price_minor, attempt.campaign.currency)
    if sold is not None and _differs(sold, product, price):
        raise SaleSavedError
    record_sale(attempt, user, product=product, price=price, request_key=sale_key(attempt.id))


def _differs(sold: Sale, product: Product, price: Money) -> bool:
    return (sold.product_id, sold.amount_minor, sold.currency) != (product.id, price.minor, price.currency)


def _product(attempt: CallAttempt, product_id: int | None) -> Product:
    if product_id is None:
        return _first_product(attempt)
    product: Product | None = db.session.scalar(
        select(Product).where(Product.id == product_id, Product.campaign_id == attempt.campaign_id)
    )
    if product is None:
        raise NotFoundError
    return product


def _first_product(attempt: CallAttempt) -> Product:
    products = products_of(attempt.campaign_id)
    if not products:
        raise NotFoundError
    return products[0]
