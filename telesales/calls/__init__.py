"""Facts of calls: attempts, events, dispositions, sales, call-backs."""
