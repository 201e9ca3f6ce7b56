"""What the dialer asks of the application."""
