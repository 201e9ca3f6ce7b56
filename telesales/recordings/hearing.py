"""Who may hear a recording, and the log of everybody who did."""

from telesales.access.roles import LEADERS, MANAGERS, Role
from telesales.agents.models import User
from telesales.calls.models import CallAttempt
from telesales.errors import ForbiddenError
from telesales.extensions import db
from telesales.recordings.models import AccessKind, Recording, RecordingAccess

LISTENERS = (*LEADERS, Role.REVIEWER, Role.AGENT)
LONGEST_PLAY = 20


def check_may_hear(user: User, attempt: CallAttempt) -> None:
    """Leaders and reviewers hear every call in their scope, agents their own where the campaign allows it."""
    if user.role != Role.AGENT:
        return
    if attempt.agent_id != user.id or not attempt.campaign.recording_heard_by_agents:
        raise ForbiddenError(code="not-your-recording")


def may_download(user: User) -> bool:
    """A file that has left the house cannot be forgotten any more: managers alone."""
    return user.role in MANAGERS


def may_see_log(user: User) -> bool:
    """Who listened is not for agents."""
    return user.role in LEADERS


def note_access(
    recording: Recording, user: User, kind: AccessKind, *, part: tuple[float, float], play: str
) -> None:
    """Write down that somebody is about to be sent a part; committed before the first byte leaves."""
    row = RecordingAccess(
        client_id=recording.client_id,
        recording_id=recording.id,
        kind=kind,
        play=play[:LONGEST_PLAY],
        first_second=part[0],
        last_second=part[1],
        user_id=user.id,
    )
    db.session.add(row)
    db.session.flush()
