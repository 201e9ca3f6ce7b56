"""Roles, and who may use a route."""
