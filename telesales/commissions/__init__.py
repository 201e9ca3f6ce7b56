"""Plans and the ledger."""
