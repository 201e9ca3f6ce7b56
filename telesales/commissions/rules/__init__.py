"""What sales earn: terms as data, and the reckoning. Pure."""
