"""All pages and actions of recordings, on their blueprint."""

from telesales.recordings.views import keeping, pages, pausing, sound
from telesales.recordings.views.blueprint import bp

__all__ = ["bp", "keeping", "pages", "pausing", "sound"]
