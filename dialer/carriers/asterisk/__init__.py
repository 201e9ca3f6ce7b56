"""The carrier of real telephones: Asterisk through ARI."""
