"""What becomes of a call and of its agent, as the recorder and the pages write it down."""

from datetime import UTC, datetime, timedelta

from telesales.agents.models import AgentStateChange
from telesales.calls.models import CallAttempt, CallEvent
from telesales.extensions import db, transaction
from telesales.supervision.models import SupervisionStep
from telesales.tenancy.scope import every_client
from tests.factories_desk import DeskScene, make_desk_call

START = datetime(2026, 11, 20, 15, 0, 0, 300_000, tzinfo=UTC)

WHOLE_CALL = (
    ("call.placed", 0.4, {}),
    ("call.ringing", 1.0, {}),
    ("call.answered", 20.5, {"answer": "human"}),
    ("call.connected", 20.6, {"waited": 0.1}),
    ("call.held", 31.0, {}),
    ("call.resumed", 36.0, {}),
    ("call.ended", 95.0, {"result": "talked", "cause": "callee_hung_up", "talk_seconds": 74.4}),
)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def make_told_call() -> DeskScene:
    """Mei Lin talks with Ann Lee."""
    return make_desk_call(agent={"name": "Mei Lin"}, lead={"name": "Ann Lee"}, name="Spring")


def make_events(scene: DeskScene, *events: tuple[str, float, dict]) -> None:
    """Facts as the recorder writes them."""
    with every_client(), transaction():
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        attempt.reserved_at, attempt.originating_at = at(0), at(0.2)
        attempt.checks = [{"rule": "calling_hours", "input": {}, "passed": True}]
        for kind, seconds, details in events:
            who = scene.agent_id if kind in ("call.connected", "call.held") else None
            db.session.add(
                CallEvent(
                    client_id=attempt.client_id,
                    source_id=f"{kind}:{seconds}",
                    attempt_id=attempt.id,
                    kind=kind,
                    at=at(seconds),
                    agent_id=who,
                    details=details,
                )
            )


def make_states(scene: DeskScene, *states: tuple[str, float, int | None]) -> None:
    """How the agent stood, and who ordered it."""
    with every_client(), transaction():
        for state, seconds, by in states:
            db.session.add(
                AgentStateChange(
                    source_id=f"agent:{scene.agent_id}:{seconds}:{state}",
                    user_id=scene.agent_id,
                    campaign_id=scene.campaign_id,
                    state=state,
                    pause_reason="coaching" if state == "paused" else "",
                    attempt_id=scene.attempt_id if state not in ("paused", "ready") else None,
                    at=at(seconds),
                    by_id=by,
                )
            )


def make_listening(scene: DeskScene, supervisor_id: int, *modes: tuple[str, float]) -> None:
    """One session of listening, step by step."""
    with every_client(), transaction():
        attempt = db.session.get_one(CallAttempt, scene.attempt_id)
        for mode, seconds in modes:
            db.session.add(
                SupervisionStep(
                    client_id=attempt.client_id,
                    session="one",
                    supervisor_id=supervisor_id,
                    agent_id=scene.agent_id,
                    campaign_id=scene.campaign_id,
                    attempt_id=attempt.id,
                    mode=mode,
                    why="call_over" if mode == "stop" else "asked",
                    at=at(seconds),
                )
            )


def places_of(page: str, *texts: str) -> list[int]:
    """Where these texts stand in a page; each of them does."""
    places = [page.find(text) for text in texts]
    assert -1 not in places, dict(zip(texts, places, strict=True))
    return places
