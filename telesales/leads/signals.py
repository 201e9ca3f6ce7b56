"""What the domains above must hear at once."""

from blinker import Signal

# Sender: none. Keyword: list_id. Sent after the commit, once per chunk at most.
leads_added = Signal("A list has new leads.")
