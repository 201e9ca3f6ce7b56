"""What-if: a campaign's own calls replayed with other agents, limits, lists and scripts, before anybody is called."""
