"""All pages of the floor, on their blueprint."""

from telesales.dialing import views
from telesales.dialing.abandonment import views as abandonment
from telesales.dialing.blueprint import bp
from telesales.dialing.decisions import views as decisions

__all__ = ["abandonment", "bp", "decisions", "views"]
