"""Verbs of calls, by family: dispositions, sales, what was written down."""
