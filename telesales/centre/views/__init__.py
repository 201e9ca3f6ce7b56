"""Pages of the centre: home, first minutes, settings, clients."""
