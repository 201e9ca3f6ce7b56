"""How a call ends for its agent: the outcome, with the sale or the promise that belongs to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dialer.core.floor.agent import AgentState
from telesales.agents.models import User
from telesales.calls import floor
from telesales.calls.models import CallAttempt, CallDisposition, Sale
from telesales.calls.rules import DispositionCode
from telesales.calls.service.dispositions import find_disposition, record_disposition
from telesales.calls.service.sales import find_cancellation, record_sale
from telesales.campaigns.models import Product
from telesales.campaigns.queries import products_of
from telesales.desk.errors import SaleCancelledError, SaleGapsError, SaleSavedError
from telesales.desk.rules import Gap, sale_gaps
from telesales.desk.service.floor_events import say_wrapped_up
from telesales.desk.service.live import live_state
from telesales.desk.service.scripting import session_of
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.money import Money


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the agent says a call came to. A sale names product and price, a call-back its time.

    `cancelled_sale_id`: the cancelled sale of this call that the agent has seen; only then is it sold again.
    """

    code: DispositionCode
    note: str = ""
    product_id: int | None = None
    price: Money | None = None
    callback_at: datetime | None = None
    anyone: bool = False
    cancelled_sale_id: int | None = None


def gaps_before_sale(attempt: CallAttempt) -> list[Gap]:
    """What has to be said or written down before this call may end in a sale."""
    session = session_of(attempt)
    return list(sale_gaps(session)) if session else []


def finish_call(user: User, attempt: CallAttempt, outcome: Outcome) -> CallDisposition:
    """Save the outcome and free the agent for the next call. Pressed twice, it counts once."""
    _hold(attempt)
    if outcome.code is DispositionCode.SALE:
        _sell(user, attempt, outcome)
    elif sale_of(attempt) is not None:
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


def repeat_wrapped_up(user: User) -> None:
    """A floor that was away when the outcome was saved still waits for it, and a saved sale has no key to press again."""
    here = live_state(user.id)
    said = find_disposition(here.attempt_id) if here.state is AgentState.WRAP_UP and here.attempt_id else None
    if said is not None:
        floor.wrapped_up(user.id, said.attempt_id, is_machine=said.code == DispositionCode.MACHINE)


def sale_of(attempt: CallAttempt) -> Sale | None:
    """The sale of a call, if it has one that counts."""
    sale = _last_sale(attempt)
    return None if sale is None or find_cancellation(sale.id) else sale


def cancelled_sale_of(attempt: CallAttempt) -> Sale | None:
    """The sale of a call that was taken back, while none has come after it."""
    sale = _last_sale(attempt)
    return sale if sale is not None and find_cancellation(sale.id) else None


def _last_sale(attempt: CallAttempt) -> Sale | None:
    return db.session.scalar(
        select(Sale).where(Sale.attempt_id == attempt.id).order_by(Sale.id.desc()).limit(1)
    )


def sale_key(attempt_id: int, cancelled_sale_id: int | None = None) -> str:
    """One sale for a call, from however many windows it is pressed; another one after it was cancelled."""
    return f"call-{attempt_id}" if cancelled_sale_id is None else f"call-{attempt_id}-{cancelled_sale_id}"


def _hold(attempt: CallAttempt) -> None:
    """Let windows finish a call one after the other.

    The call is locked before its lead, as the job does that settles it: neither may wait for the other for ever.
    """
    call = select(CallAttempt.id).where(CallAttempt.id == attempt.id)
    db.session.execute(call.with_for_update(read=True, key_share=True))
    db.session.refresh(attempt.lead, with_for_update={"key_share": True})


def _sell(user: User, attempt: CallAttempt, outcome: Outcome) -> None:
    gaps = gaps_before_sale(attempt)
    if gaps:
        raise SaleGapsError(gaps)
    product = _product(attempt, outcome.product_id)
    price = outcome.price or Money(product.price_minor, attempt.campaign.currency)
    sold, cancelled = sale_of(attempt), cancelled_sale_of(attempt)
    if sold is not None:
        if _differs(sold, product, price):
            raise SaleSavedError
        return
    if cancelled is not None and cancelled.id != outcome.cancelled_sale_id:
        raise SaleCancelledError
    key = sale_key(attempt.id, cancelled.id if cancelled else None)
    record_sale(attempt, user, product=product, price=price, request_key=key)


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
