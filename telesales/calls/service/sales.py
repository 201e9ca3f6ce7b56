"""Sales: made once, never edited, cancelled by a further fact."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from telesales import clock
from telesales.agents.models import User
from telesales.audit.service import current_actor, record
from telesales.calls import signals
from telesales.calls.models import CallAttempt, Sale, SaleCancellation
from telesales.campaigns.models import Product
from telesales.centre import service as centre
from telesales.errors import ConflictError
from telesales.extensions import db
from telesales.money import Money


def local_day(agent: User, at: datetime) -> date:
    """The agent's date: the day a sale counts for."""
    return at.astimezone(ZoneInfo(agent.time_zone or centre.settings().time_zone)).date()


def record_sale(
    attempt: CallAttempt, agent: User, *, product: Product | str, price: Money, request_key: str
) -> Sale:
    """Save a sale; who listens to `sale_saved` is saved with it. The same request key saves once."""
    sale = find_sale(request_key) or _add_sale(attempt, agent, product, price, request_key)
    if sale.attempt_id != attempt.id:
        raise ConflictError(code="request-key-reused")
    return sale


def find_sale(request_key: str) -> Sale | None:
    """The sale that a request made, if it did."""
    return db.session.scalar(select(Sale).where(Sale.request_key == request_key))


def _add_sale(
    attempt: CallAttempt, agent: User, product: Product | str, price: Money, request_key: str
) -> Sale:
    at = clock.now()
    sale = Sale(
        client_id=attempt.client_id,
        request_key=request_key,
        attempt_id=attempt.id,
        lead_id=attempt.lead_id,
        campaign_id=attempt.campaign_id,
        agent_id=agent.id,
        product_id=None if isinstance(product, str) else product.id,
        product_name=product if isinstance(product, str) else product.name,
        amount_minor=price.minor,
        currency=price.currency,
        at=at,
        day=local_day(agent, at),
    )
    try:
        with db.session.begin_nested():
            db.session.add(sale)
    except IntegrityError:
        return _saved_meanwhile(request_key)
    record("sale.recorded", sale, amount=price.minor, currency=price.currency, agent_id=agent.id)
    signals.sale_saved.send(sale)
    return sale


def _saved_meanwhile(request_key: str) -> Sale:
    sale = find_sale(request_key)
    if sale is None:
        raise ConflictError
    return sale


def find_cancellation(sale_id: int) -> SaleCancellation | None:
    """The cancellation of a sale, if there is one."""
    return db.session.scalar(select(SaleCancellation).where(SaleCancellation.sale_id == sale_id))


def cancel_sale(sale: Sale, reason: str) -> SaleCancellation:
    """Add the fact that a sale does not count any more. Cancelled twice, it is cancelled once."""
    known = find_cancellation(sale.id)
    if known is not None:
        return known
    cancellation = SaleCancellation(
        client_id=sale.client_id,
        sale_id=sale.id,
        reason=reason,
        cancelled_by_id=current_actor().user_id,
        at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(cancellation)
    except IntegrityError:
        return db.session.scalars(
            select(SaleCancellation).where(SaleCancellation.sale_id == sale.id)
        ).one()  # somebody else was faster
    record("sale.cancelled", sale, reason=reason)
    signals.sale_cancelled.send(sale, cancellation=cancellation)
    return cancellation
