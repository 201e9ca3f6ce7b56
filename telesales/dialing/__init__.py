"""What the dialer asks of us: its ports fulfilled from the database, the recorder, settling, and the processes."""
