"""From a supplier's file to leads."""
