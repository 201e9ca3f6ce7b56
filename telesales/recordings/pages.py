"""All pages and actions of recordings, on their blueprint."""

from telesales.recordings.views import pages, pausing, sound
from telesales.recordings.views.blueprint import bp

__all__ = ["bp", "pages", "pausing", "sound"]
