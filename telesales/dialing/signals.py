"""What the recorder tells the domains above it."""

from blinker import Signal

facts_recorded = Signal(
    "Facts stand in the database; sent after the commit with a list of `Fact`. Told again after a crash: react once."
)
