"""Settings and clients, on their blueprint."""

from telesales.centre.views import settings
from telesales.centre.views.blueprint import bp

__all__ = ["bp", "settings"]
