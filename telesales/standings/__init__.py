"""Daily results, leaderboards, goals and awards."""
