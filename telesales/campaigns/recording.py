"""What of a campaign's calls is recorded: the choices and their limits."""

from enum import StrEnum
from typing import Protocol

from flask import current_app
from flask_babel import gettext as _


class RecordingPolicy(StrEnum):
    """Which calls are recorded."""

    NEVER = "never"
    SHARE = "share"
    ALWAYS = "always"


class Announce(StrEnum):
    """Who hears that the call is recorded."""

    EVERYONE = "everyone"
    NEEDED = "needed"  # only where the law asks for it


MOST_DAYS = 3_650
LONGEST_ANNOUNCEMENT = 300


class RecordingChoice(Protocol):
    """What a campaign, or what was typed for one, says of recording."""

    @property
    def recording_policy(self) -> str:
        """See `RecordingPolicy`."""
        ...

    @property
    def recording_share(self) -> int:
        """Percent of the calls, for the policy `share`."""
        ...

    @property
    def recording_announce(self) -> str:
        """See `Announce`."""
        ...

    @property
    def recording_announcement(self) -> str:
        """What people hear before anything is recorded."""
        ...

    @property
    def recording_days(self) -> int:
        """Days after which recordings are deleted."""
        ...


def can_record() -> bool:
    """Whether this installation has a key to encrypt recordings with; without one nothing is recorded."""
    return bool(current_app.config["RECORDING_KEYS"])


def problems_of(choice: RecordingChoice) -> dict[str, str]:
    """What is wrong with the choice: field -> sentence."""
    problems: dict[str, str] = {}
    if choice.recording_policy not in set(RecordingPolicy):
        problems["recording_policy"] = _("Choose which calls are recorded.")
    elif choice.recording_policy != RecordingPolicy.NEVER and not can_record():
        problems["recording_policy"] = _(
            "Recordings are kept encrypted, and there is no key yet. Ask the operator to set RECORDING_KEYS."
        )
    if choice.recording_announce not in set(Announce):
        problems["recording_announce"] = _("Choose who hears that the call is recorded.")
    if not 1 <= choice.recording_share <= 100:
        problems["recording_share"] = _("Between 1 and 100 percent.")
    if not 1 <= choice.recording_days <= MOST_DAYS:
        problems["recording_days"] = _("Between 1 and %(most)s days.", most=MOST_DAYS)
    problems |= _announcement_problems(choice)
    return problems


def _announcement_problems(choice: RecordingChoice) -> dict[str, str]:
    if len(choice.recording_announcement) > LONGEST_ANNOUNCEMENT:
        return {"recording_announcement": _("At most %(count)s characters.", count=LONGEST_ANNOUNCEMENT)}
    is_recorded = choice.recording_policy in (RecordingPolicy.SHARE, RecordingPolicy.ALWAYS)
    if is_recorded and choice.recording_announce == Announce.EVERYONE and not choice.recording_announcement:
        return {"recording_announcement": _("Write what people hear. Without it nobody is recorded.")}
    return {}
