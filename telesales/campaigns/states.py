"""The life of a campaign: draft → ready → running ⇄ paused → finished."""

from enum import StrEnum


class CampaignState(StrEnum):
    """draft → ready → running ⇄ paused → finished."""

    DRAFT = "draft"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


class Move(StrEnum):
    """What a person can do to a campaign's state."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"


UNFINISHED = (CampaignState.DRAFT, CampaignState.READY, CampaignState.RUNNING, CampaignState.PAUSED)
LAUNCHED = (CampaignState.RUNNING, CampaignState.PAUSED)
PREPARED = (CampaignState.DRAFT, CampaignState.READY)  # not launched yet

_TARGETS = {
    (CampaignState.READY, Move.START): CampaignState.RUNNING,
    (CampaignState.RUNNING, Move.PAUSE): CampaignState.PAUSED,
    (CampaignState.PAUSED, Move.RESUME): CampaignState.RUNNING,
    **{(state, Move.FINISH): CampaignState.FINISHED for state in UNFINISHED},
}
NEEDS_CHECKS = (Move.START, Move.RESUME)


def target_of(state: CampaignState, move: Move) -> CampaignState | None:
    """The state that a move leads to; None when it cannot be made from here."""
    return _TARGETS.get((state, move))


def moves_from(state: CampaignState) -> tuple[Move, ...]:
    """What can be done now, in the order of the buttons."""
    return tuple(move for move in Move if (state, move) in _TARGETS)


def prepared_state(*, all_passed: bool) -> CampaignState:
    """The state of a campaign that was not launched yet: its checks decide."""
    return CampaignState.READY if all_passed else CampaignState.DRAFT
