"""Telling that standings changed, closing days, and making rolled-up days again."""
