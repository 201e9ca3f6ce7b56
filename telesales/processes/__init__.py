"""The processes of a running floor, and what keeps them alive."""
