"""Telephone networks behind one port."""
