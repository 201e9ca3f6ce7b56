"""All pages of lists, leads and imports, on their blueprint."""

from telesales.leads.views import imports, leads, lists, steps
from telesales.leads.views.blueprint import bp

__all__ = ["bp", "imports", "leads", "lists", "steps"]
