"""A floor that moves without telephones."""
