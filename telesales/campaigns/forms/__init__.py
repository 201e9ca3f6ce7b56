"""What is typed about a campaign: kept as it was typed, read into values, with an error at each field."""
