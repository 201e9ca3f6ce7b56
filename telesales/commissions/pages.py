"""All pages of commissions, gathered for the application."""

from telesales.commissions.views import ledger, plans
from telesales.commissions.views.blueprint import bp

__all__ = ["bp", "ledger", "plans"]
