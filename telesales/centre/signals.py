"""What the centre tells the domains above it."""

from blinker import Signal

demo_wanted = Signal("The first questions were answered with: fill the centre with a demo.")
