"""Person or machine: Asterisk's AMD, for campaigns that want it. Whatever is not certainly a machine is a person.

A campaign wants it with `detection` in its carrier profile: true, or the arguments of AMD as text (greeting, silence … as
https://docs.asterisk.org names them); true takes the node's own `amd.conf`, which leans towards the person.
With `voicemail` in the profile too, a machine is left the campaign's message (see `voicemail`).
The two seconds of the law count from the end of the greeting, so the event of the answer comes with the verdict.
"""

from collections.abc import Mapping
from typing import Any

from dialer import clock
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.settings import AMD_CONTEXT
from dialer.carriers.asterisk.switch import Switch
from dialer.events import Answer

KIND = "amd"  # the Stasis argument with which a channel comes back
LONGEST_SECONDS = 8.0
MACHINE = "MACHINE"


def is_wanted(call: Call) -> bool:
    """The campaign wants to know."""
    return bool(call.profile.get("detection"))


def leaves_message(call: Call) -> bool:
    """The campaign wants its message left on machines."""
    return bool(call.profile.get("voicemail"))


def is_under_way(call: Call) -> bool:
    """Asterisk has listened to this call, or still does."""
    return "judging" in call.facts


def is_listening(channel: Mapping[str, Any]) -> bool:
    """The channel is still with AMD."""
    return str(channel.get("dialplan", {}).get("context", "")) == AMD_CONTEXT and str(
        channel.get("dialplan", {}).get("app_name", "")
    ).upper() in ("AMD", "")


async def begin(switch: Switch, call: Call) -> None:
    """Send the channel to AMD; it comes back to us with the verdict."""
    wanted = call.profile.get("detection")
    if isinstance(wanted, str):
        await switch.ask(
            "POST", f"channels/{call.channel}/variable", variable="AMD_ARGS", value=wanted.strip()
        )
    await switch.ask(
        "POST", f"channels/{call.channel}/continue", context=AMD_CONTEXT, extension="s", priority=1
    )


def verdict(call: Call, status: str, cause: str) -> tuple[Answer, dict[str, Any]]:
    """What Asterisk came to, and what is kept of it."""
    answer = Answer.MACHINE if status == MACHINE else Answer.HUMAN
    return answer, {"verdict": status.lower(), "cause": cause, "seconds": _seconds(call)}


def no_verdict(call: Call) -> dict[str, Any]:
    """Nothing was heard of it in time."""
    return {"verdict": "none", "cause": "", "seconds": _seconds(call)}


def hung_up(call: Call) -> dict[str, Any]:
    """The person was gone before it was over: somebody answered all the same."""
    kept = {"verdict": "hung_up", "cause": "", "seconds": _seconds(call)}
    return {"answer": Answer.HUMAN.value, "detection": kept}


def _seconds(call: Call) -> float:
    return round(clock.now() - float(call.facts.get("judging", clock.now())), 3)
