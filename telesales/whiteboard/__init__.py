"""Rankings on a television."""
