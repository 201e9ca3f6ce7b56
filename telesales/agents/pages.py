"""All pages about people, on their blueprint."""

from telesales.agents.views import demo_doors, people, person_access, sign_in, teams
from telesales.agents.views.blueprint import bp

__all__ = ["bp", "demo_doors", "people", "person_access", "sign_in", "teams"]
