"""All pages about people, on their blueprint."""

from telesales.agents.views import account, demo_doors, people, person_access, sign_in, teams
from telesales.agents.views.blueprint import bp

__all__ = ["account", "bp", "demo_doors", "people", "person_access", "sign_in", "teams"]
