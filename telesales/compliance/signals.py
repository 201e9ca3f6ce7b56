"""What the domains above must hear at once."""

from blinker import Signal

# Sender: none. Keywords: numbers (E.164), reach (see `models.reach_of`). Sent inside the unit of work.
number_forbidden = Signal("Numbers were put on the do-not-call list.")
