"""The floor of one campaign: agents, calls, and who talks to whom. Events in, effects out; pure."""
