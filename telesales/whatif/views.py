"""What-ifs of a campaign in a browser: the list, the form, the answer while it comes."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from redis.exceptions import RedisError

from dialer.queues import REPORT
from telesales import clock
from telesales.access.guard import requires
from telesales.access.roles import LEADERS
from telesales.campaigns import queries as campaigns
from telesales.campaigns.models import Campaign
from telesales.errors import ConflictError
from telesales.extensions import enqueue, row_id, transaction
from telesales.whatif import queries, service, wording
from telesales.whatif.actual import Actual, actual_since, actuals_since, house_zone, local_day, runs_from
from telesales.whatif.chart import Chart, draw_chart
from telesales.whatif.choices import sources_of
from telesales.whatif.comparing import Comparison, compare
from telesales.whatif.forms import MODES, WhatIfForm
from telesales.whatif.jobs import ANSWER
from telesales.whatif.measuring import count_answered
from telesales.whatif.models import OPEN, WhatIfState
from telesales.whatif.outcome import smallest_enough
from telesales.whatif.queries import Answered
from telesales.whatif.question import Question
from telesales.whatif.world import ENOUGH_ANSWERED

bp = Blueprint("whatif", __name__, template_folder="templates")


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What templates that show a what-if may ask for."""
    return {"what_if_words": wording}


@bp.get("/campaigns/<int:campaign_id>/what-if")
@requires(*LEADERS)
def list_what_ifs(campaign_id: int) -> ResponseReturnValue:
    """What was asked of a campaign, with what came of it since."""
    campaign = campaigns.get_campaign(campaign_id)
    found = queries.list_what_ifs(campaign_id)
    zone = house_zone()
    begun = [runs_from(answered.what_if.created_at, answered.question.starts_on, zone) for answered in found]
    actual = actuals_since(campaign_id, begun)
    return render_template(
        "whatif/list_what_ifs.html",
        campaign=campaign,
        found=[
            (answered, _compared(answered, actual[since]))
            for answered, since in zip(found, begun, strict=True)
        ],
        state_kinds=wording.STATE_KINDS,
    )


def _compared(answered: Answered, actual: Actual) -> Comparison | None:
    if answered.what_if.state != WhatIfState.DONE:
        return None
    return compare(answered.outcomes, actual, answered.prices, answered.what_if.campaign.currency)


@bp.get("/campaigns/<int:campaign_id>/what-if/new")
@requires(*LEADERS)
def new_what_if(campaign_id: int) -> ResponseReturnValue:
    """The form: the campaign as it is, or an earlier question to be changed."""
    campaign = campaigns.get_campaign(campaign_id)
    return _form_page(campaign, _earlier(campaign) or _fresh(campaign))


def _earlier(campaign: Campaign) -> WhatIfForm | None:
    earlier = request.args.get("like", type=row_id)
    if earlier is None:
        return None
    question = Question.from_json(queries.get_what_if(earlier).question)
    return WhatIfForm.again(question, campaign.currency)


def _fresh(campaign: Campaign) -> WhatIfForm:
    return WhatIfForm.show(
        campaign,
        people=len(campaigns.agents_of(campaign)),
        leads=campaigns.callable_leads(campaign.id),
        today=local_day(clock.now()),
    )


@bp.post("/campaigns/<int:campaign_id>/what-if/new")
@requires(*LEADERS)
def ask_what_if(campaign_id: int) -> ResponseReturnValue:
    """Keep the question and let a worker answer it."""
    campaign = campaigns.get_campaign(campaign_id)
    form = WhatIfForm.read(request.form)
    question = form.parse(campaign, sources=_values(sources_of(campaign)))
    if question is None:
        return _form_page(campaign, form), 422
    with transaction():
        what_if_id = service.ask(campaign, question).id
    try:
        enqueue(REPORT, ANSWER, what_if_id)
    except RedisError:
        flash(_("The workers cannot be reached. It is answered by itself when they are back."), "warning")
    return redirect(url_for("whatif.show_what_if", what_if_id=what_if_id), 303)


def _values(sources: Sequence[tuple[str, list[tuple[str, str]]]]) -> set[str]:
    return {value for _group, options in sources for value, _label in options}


def _form_page(campaign: Campaign, form: WhatIfForm) -> str:
    return render_template(
        "whatif/new_what_if.html",
        campaign=campaign,
        form=form,
        modes=MODES,
        sources=sources_of(campaign),
        answered=count_answered(campaign.id, most=ENOUGH_ANSWERED),
        enough=ENOUGH_ANSWERED,
    )


@bp.get("/what-if/<int:what_if_id>")
@requires(*LEADERS)
def show_what_if(what_if_id: int) -> ResponseReturnValue:
    """The answer: how far it is, the table, and what came since."""
    what_if = queries.get_what_if(what_if_id)
    answered = queries.read_answer(what_if)
    campaign = what_if.campaign
    since = runs_from(what_if.created_at, answered.question.starts_on, house_zone())
    actual = actual_since(campaign.id, since)
    return render_template(
        "whatif/show_what_if.html",
        what_if=what_if,
        campaign=campaign,
        answered=answered,
        question=answered.question,
        world=answered.world,
        running=what_if.state in OPEN,
        state_kinds=wording.STATE_KINDS,
        interrupted=queries.is_interrupted(what_if),
        seconds_left=queries.seconds_left(what_if),
        enough=smallest_enough(answered.outcomes, answered.question),
        charts=_charts(answered),
        actual=actual,
        now=clock.now(),
        comparison=compare(answered.outcomes, actual, answered.prices, campaign.currency),
        talk_like=dict(option for _group, options in sources_of(campaign) for option in options),
    )


def _charts(answered: Answered) -> list[Chart]:
    found, limit = answered.outcomes, answered.question.limit
    return [draw_chart(found, "occupancy"), draw_chart(found, "abandonment", limit=limit)]


@bp.get("/what-if/<int:what_if_id>/progress")
@requires(*LEADERS)
def show_progress(what_if_id: int) -> ResponseReturnValue:
    """What the page asks for every two seconds."""
    what_if = queries.get_what_if(what_if_id)
    left = wording.minutes_text(queries.seconds_left(what_if))
    return jsonify(state=what_if.state, done=what_if.done, total=what_if.total, left=left)


@bp.post("/what-if/<int:what_if_id>/cancel")
@requires(*LEADERS)
def cancel_what_if(what_if_id: int) -> ResponseReturnValue:
    """Play no more shifts; when the last one was played meanwhile, or somebody else was faster, the answer says so."""
    try:
        with transaction():
            service.cancel(queries.get_what_if(what_if_id))
        flash(_("Cancelled. The shifts that were played are shown."), "good")
    except ConflictError as error:
        flash(error.message, "warning")
    return redirect(url_for("whatif.show_what_if", what_if_id=what_if_id), 303)
