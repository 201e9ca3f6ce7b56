"""Spoken messages that calls play: uploaded, heard, replaced and removed by managers."""
