"""What happened, in its order, with who did it: to a call, to a lead, on the day of an agent."""
