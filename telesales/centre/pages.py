"""All pages of the centre, on their blueprint."""

from telesales.centre.views import home, settings
from telesales.centre.views.blueprint import bp

__all__ = ["bp", "home", "settings"]
