"""Writes the configuration folder of one Asterisk node from the telephony file. Pure: texts in, texts out."""
