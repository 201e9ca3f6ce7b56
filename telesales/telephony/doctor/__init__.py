"""The operator's check of real telephony: what is wrong, and what to do about it."""
