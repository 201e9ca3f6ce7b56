"""Pages of plans and of the ledger."""
