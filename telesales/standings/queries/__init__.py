"""Reads for leaderboards and boards: rolled-up days, and sales of today only."""
