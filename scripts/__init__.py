"""Guided call scripts: what an agent says, step by step."""
