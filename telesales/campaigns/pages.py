"""All pages of campaigns, on their blueprint."""

from telesales.campaigns.views import edit, pages
from telesales.campaigns.views.blueprint import bp

__all__ = ["bp", "edit", "pages"]
