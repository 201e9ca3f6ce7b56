"""Pages and actions of supervision."""
