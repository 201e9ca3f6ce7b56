"""Clients, and the walls between them."""
