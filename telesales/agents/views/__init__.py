"""Pages of people: sign-in, account, people, teams."""
