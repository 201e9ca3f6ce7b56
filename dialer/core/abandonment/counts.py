"""What happened to answered calls: the counts that every formula is made of."""

from dataclasses import dataclass

WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Counts:
    """Answered calls of a stretch of time, at the moment of the answer."""

    people: int = 0  # answered by a person, as far as anybody can tell
    connected: int = 0  # of them: with an agent within two seconds
    abandoned: int = 0  # of them: not with an agent within two seconds, whatever came later
    machines: int = 0  # taken for an answering machine; not among the people

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.people + other.people,
            self.connected + other.connected,
            self.abandoned + other.abandoned,
            self.machines + other.machines,
        )

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(
            self.people - other.people,
            self.connected - other.connected,
            self.abandoned - other.abandoned,
            self.machines - other.machines,
        )

    @property
    def others(self) -> int:
        """People who hung up within the two seconds, or whose two seconds are not over."""
        return self.people - self.connected - self.abandoned


@dataclass(frozen=True, slots=True)
class Estimates:
    """What detection cannot know, in basis points; how it was estimated stands with the campaign."""

    false_positives_bp: int = 0  # of the calls taken for machines: people
    machines_bp: int = 0  # of the abandoned calls: machines that nobody detected

    def false_positives(self, counts: Counts) -> int:
        """People who were taken for machines: whole ones, rounded up."""
        return -(-counts.machines * self.false_positives_bp // WHOLE_BP)

    def machines_abandoned(self, counts: Counts) -> int:
        """Machines among the abandoned: whole ones, rounded down."""
        return counts.abandoned * self.machines_bp // WHOLE_BP
