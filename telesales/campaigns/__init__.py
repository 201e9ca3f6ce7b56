"""Campaigns: what is dialed, for whom, by whom, how."""
