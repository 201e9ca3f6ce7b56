"""Pages and actions of recordings."""
