"""What browsers hear the moment it happens: topics, publishing, tokens and the process that sends."""
