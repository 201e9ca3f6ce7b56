"""The call centre itself: name, language, time zone, currency, first minutes."""
