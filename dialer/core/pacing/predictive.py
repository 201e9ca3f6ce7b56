"""Predictive pacing."""

from dialer.core.pacing.one_to_one import Progressive


class Predictive(Progressive):
    """Places calls ahead of agents who will be free."""
