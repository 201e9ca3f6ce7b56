"""People, teams, roles and sign-in."""
