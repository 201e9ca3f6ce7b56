"""What the centre tells the domains above it."""

from blinker import Signal

demo_wanted = Signal("The first questions were answered with: fill the centre with a demo.")
calls_asked = Signal("Has a call been placed yet? Receivers answer yes or no.")
