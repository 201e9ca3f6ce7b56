"""Which messages there are, and what a file has to be like."""

from enum import StrEnum

LEAST_SECONDS, MOST_SECONDS = 0.5, 60.0
MOST_BYTES = 32 * 1024 * 1024  # a minute of stereo at 48000 Hz and 24 bit is 17 MB
RATE = 8000  # of what telephones play


class MessageKind(StrEnum):
    """When a message is heard; also the end of its name for carriers."""

    ABANDONED = "abandoned"
    MISSED = "missed"
    OPTED_OUT = "opted-out"
    VOICEMAIL = "voicemail"
    ANNOUNCEMENT = "announcement"


CENTRE_KINDS = tuple(
    kind for kind in MessageKind if kind is not MessageKind.ANNOUNCEMENT
)  # its text is a campaign's


class SoundProblem(StrEnum):
    """Why a file is not taken."""

    MISSING = "missing"
    TOO_LARGE = "too_large"
    NOT_WAV = "not_wav"
    UNKNOWN_FORM = "unknown_form"
    CUT_OFF = "cut_off"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    SILENT = "silent"


class SoundRefusedError(ValueError):
    """The file cannot become a message."""

    def __init__(self, problem: SoundProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def carrier_name(kind: MessageKind, campaign_id: int | None) -> str:
    """The name by which carriers look for a message; a campaign's own goes before the general one."""
    return kind.value if campaign_id is None else f"campaign-{campaign_id}-{kind}"
