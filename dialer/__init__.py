"""The predictive dialer: knows calls, agents and carriers, and nothing of the application."""
