"""Pages of decisions: a stretch of time, one decision, one call."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telesales import clock
from telesales.access.guard import requires
from telesales.access.roles import LEADERS
from telesales.calls import wording as call_words
from telesales.campaigns.models import Campaign
from telesales.campaigns.queries import get_campaign
from telesales.dialing import wording
from telesales.dialing.blueprint import bp
from telesales.dialing.decisions import queries
from telesales.dialing.decisions.chart import chart_points, foreseen, what_came
from telesales.dialing.decisions.forms import EARLIEST_YEAR, SPANS, MomentForm
from telesales.dialing.decisions.queries import Window
from telesales.dialing.models import KEPT_DAYS
from telesales.errors import NotFoundError
from telesales.i18n import zone_of_reader

EARLIEST = datetime(EARLIEST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()  # its year is the same in every zone
CLOCKS_APART = timedelta(minutes=1)  # of two hosts, at most


@bp.get("/<int:campaign_id>/decisions")
@requires(*LEADERS)
def list_decisions(campaign_id: int) -> ResponseReturnValue:
    """Charts and sentences around a moment."""
    campaign, zone = get_campaign(campaign_id), zone_of_reader()
    form = MomentForm.read(request.args, zone=zone, now=clock.now())
    if form.errors:
        return _page(campaign, form), 422
    window = Window(campaign_id, *form.stretch(clock.now()))
    pages = queries.list_decisions(
        window, with_idle=bool(form.idle), page=request.args.get("page", type=int), around=form.around
    )
    return _page(
        campaign,
        form,
        window=window,
        points=chart_points(window),
        pages=pages,
        placed=queries.placed_by(pages.items),
        twice=form.comes_twice(zone),
    )


def _page(campaign: Campaign, form: MomentForm, **found: Any) -> str:
    return render_template(
        "dialing/list_decisions.html",
        campaign=campaign,
        form=form,
        spans=SPANS,
        zone=zone_of_reader().key,
        kept_days=KEPT_DAYS,
        words=wording,
        **found,
    )


@bp.get("/<int:campaign_id>/decisions/at/<int:milliseconds>")
@requires(*LEADERS)
def find_decision(campaign_id: int, milliseconds: int) -> ResponseReturnValue:
    """The decision of a moment: what is pushed to the floor page has no number yet. Else the list around it."""
    get_campaign(campaign_id)
    if not EARLIEST <= milliseconds / 1000 <= (clock.now() + CLOCKS_APART).timestamp():
        raise NotFoundError
    at = min(datetime.fromtimestamp(milliseconds / 1000, UTC), clock.now())
    decision = queries.find_decision(campaign_id, at)
    if decision is None:
        wall = at.astimezone(zone_of_reader())
        asked: dict[str, Any] = {"day": wall.date().isoformat(), "time": f"{wall:%H:%M}", "idle": 1}
        return redirect(url_for("dialing.list_decisions", campaign_id=campaign_id, **asked))
    return redirect(url_for("dialing.show_decision", campaign_id=campaign_id, decision_id=decision.id))


@bp.get("/<int:campaign_id>/decisions/<int:decision_id>")
@requires(*LEADERS)
def show_decision(campaign_id: int, decision_id: int) -> ResponseReturnValue:
    """One decision with everything it saw, expected and caused."""
    campaign = get_campaign(campaign_id)
    decision = queries.get_decision(campaign_id, decision_id)
    before, after = queries.neighbours(decision)
    return render_template(
        "dialing/show_decision.html",
        campaign=campaign,
        decision=decision,
        calls=queries.calls_of(decision),
        foreseen=foreseen(decision.estimates),
        zoned=lambda at: at.astimezone(zone_of_reader()),
        came=what_came(decision),
        before=before,
        after=after,
        words=wording,
        call_words=call_words,
    )


@bp.get("/<int:campaign_id>/calls/<int:attempt_id>")
@requires(*LEADERS)
def show_call(campaign_id: int, attempt_id: int) -> ResponseReturnValue:
    """One call: who decided it, what was looked at before it was dialed, what happened."""
    campaign = get_campaign(campaign_id)
    attempt = queries.get_call(campaign_id, attempt_id)
    return render_template(
        "dialing/show_call.html",
        campaign=campaign,
        attempt=attempt,
        decision=queries.decision_of(attempt),
        events=queries.events_of(attempt.id),
        words=wording,
        call_words=call_words,
    )
