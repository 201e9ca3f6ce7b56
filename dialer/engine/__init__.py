"""The running floor: leads campaigns, turns events into effects, decides how many calls to place."""
