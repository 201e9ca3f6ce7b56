"""What a browser may send about lists, leads and imports."""
