"""Recordings of calls: kept, played, paused and forgotten."""
