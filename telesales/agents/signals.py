"""What the people domain tells the domains above it."""

from blinker import Signal

person_deactivated = Signal("A person may not sign in any more; sent inside the transaction with the user.")
