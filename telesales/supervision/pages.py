"""All pages of supervision, on their blueprint."""

from telesales.supervision.views import desk, listening, orders
from telesales.supervision.views.blueprint import bp

__all__ = ["bp", "desk", "listening", "orders"]
