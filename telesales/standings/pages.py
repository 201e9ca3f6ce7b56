"""All pages of standings, gathered for the application."""

from telesales.standings.views import awards, leaderboard
from telesales.standings.views.blueprint import bp

__all__ = ["awards", "bp", "leaderboard"]
