"""A campaign's abandonment by every formula, today and as it stood at the end of earlier days."""
