"""Telesales, the Flask application of an outbound call floor."""
