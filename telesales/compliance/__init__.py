"""Do-not-call, calling hours and the rules that forbid a call."""
