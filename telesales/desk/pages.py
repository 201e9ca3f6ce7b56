"""All pages and actions of the desk, on their blueprint."""

from telesales.desk.views import moves, outcome, screens, shift
from telesales.desk.views.blueprint import bp

__all__ = ["bp", "moves", "outcome", "screens", "shift"]
