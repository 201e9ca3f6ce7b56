"""Plans and their versions; the ledger that follows every sale."""
