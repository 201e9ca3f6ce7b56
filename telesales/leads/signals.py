"""What the domains above must hear at once."""

from blinker import Signal

# Sender: none. Keyword: list_id. Sent after the commit, once per chunk at most.
leads_added = Signal("A list has new leads.")
# Sender: none. Keywords: rows_done, row_count. Sent after the commit of each chunk.
chunk_written = Signal("An import has come further.")
