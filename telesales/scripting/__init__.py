"""Call scripts in the database, by version."""
