"""Pacing decisions: kept for weeks, explained in sentences and numbers."""
