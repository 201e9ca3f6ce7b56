"""The verbs: signing in, people, teams."""
