"""Where moments come from: each domain below tells its own."""
