"""What the doctor found: one sentence each, and one with the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is."""

    GOOD = "ok"
    UNSEEN = "note"  # cannot be seen from here: the remedy says how to look
    DOUBT = "warn"  # calls go through, but look at it
    BAD = "FAIL"  # calls do not go through


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    subject: str  # file, node one, trunk acme …
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.verdict:4}  {self.subject}: {self.what}"
        return f"{line}\n      → {self.remedy}" if self.remedy else line


def good(subject: str, what: str) -> Finding:
    """Nothing to do."""
    return Finding(Verdict.GOOD, subject, what)


def unseen(subject: str, what: str, how: str) -> Finding:
    """What the doctor cannot know, and where to look for it."""
    return Finding(Verdict.UNSEEN, subject, what, how)


def doubt(subject: str, what: str, remedy: str) -> Finding:
    """Worth a look."""
    return Finding(Verdict.DOUBT, subject, what, remedy)


def bad(subject: str, what: str, remedy: str) -> Finding:
    """To be mended before the first call."""
    return Finding(Verdict.BAD, subject, what, remedy)


def is_fit(findings: Iterable[Finding]) -> bool:
    """True when calls can be placed."""
    return all(finding.verdict is not Verdict.BAD for finding in findings)
