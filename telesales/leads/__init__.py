"""Lists, leads and their import."""
