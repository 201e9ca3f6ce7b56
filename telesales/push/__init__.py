"""Telling browsers what has changed."""
