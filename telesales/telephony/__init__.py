"""Telephones: who may use which, what agents do with a call, and the operator's check of Asterisk."""
