"""Words of messages in the reader's language."""

from flask_babel import gettext as _
from flask_babel import ngettext

from telesales.messages.rules import LEAST_SECONDS, MOST_BYTES, MOST_SECONDS, MessageKind, SoundProblem


def kind_name(kind: MessageKind) -> str:
    """What a message is called."""
    names: dict[MessageKind, str] = {
        MessageKind.ABANDONED: _("For abandoned people"),
        MessageKind.MISSED: _("For people who ring back and find nobody"),
        MessageKind.OPTED_OUT: _("After the opt-out key"),
        MessageKind.VOICEMAIL: _("For answering machines"),
        MessageKind.ANNOUNCEMENT: _("Before a recording"),
    }
    return names[kind]


def kind_text(kind: MessageKind) -> str:
    """Where it is heard, and what to say."""
    texts: dict[MessageKind, str] = {
        MessageKind.ABANDONED: _(
            "Heard within two seconds by somebody who picks up when no agent is free. Say who calls, a number to call back, and that the key 9 ends all calls."
        ),
        MessageKind.MISSED: _(
            "Heard by somebody who called you and waited in vain. Without it, the message for abandoned people is heard."
        ),
        MessageKind.OPTED_OUT: _("Heard after somebody pressed the key: say that you will not call again."),
        MessageKind.VOICEMAIL: _(
            "Left on machines after the tone, by an agent or when the campaign says so."
        ),
        MessageKind.ANNOUNCEMENT: _(
            "Heard by both before a call is recorded. Say what the campaign says under “Recording”."
        ),
    }
    return texts[kind]


def problem_text(problem: SoundProblem) -> str:
    """Why a file is not taken, and what to do."""
    texts: dict[SoundProblem, str] = {
        SoundProblem.MISSING: _("Choose a file."),
        SoundProblem.TOO_LARGE: _(
            "The file is larger than %(size)s MB. Make it shorter, or save it with one channel.",
            size=MOST_BYTES >> 20,
        ),
        SoundProblem.NOT_WAV: _("This is not a WAV file. Save the sound as WAV and try again."),
        SoundProblem.UNKNOWN_FORM: _(
            "This kind of WAV cannot be read. Save it as WAV with 16 bit (PCM) and try again."
        ),
        SoundProblem.CUT_OFF: _("The file is cut off or damaged. Save it anew and try again."),
        SoundProblem.TOO_SHORT: _(
            "The message is shorter than %(seconds)s seconds: there is nothing to hear.",
            seconds=LEAST_SECONDS,
        ),
        SoundProblem.TOO_LONG: _(
            "The message is longer than %(seconds)s seconds. Nobody listens that long.",
            seconds=round(MOST_SECONDS),
        ),
        SoundProblem.SILENT: _("Nothing can be heard in this file. Was the microphone on?"),
    }
    return texts[problem]


def nodes_text(there: int, nodes: int) -> str:
    """Whether it can be heard yet."""
    if there >= nodes:
        return str(_("Ready to be heard"))
    return str(
        ngettext(
            "On its way to %(num)s telephone node", "On its way to %(num)s telephone nodes", nodes - there
        )
    )
