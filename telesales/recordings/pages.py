"""All pages and actions of recordings, on their blueprint."""

from telesales.recordings.views import pausing
from telesales.recordings.views.blueprint import bp

__all__ = ["bp", "pausing"]
