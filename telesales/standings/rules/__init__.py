"""Places, goals, days and the most improved. Pure."""
