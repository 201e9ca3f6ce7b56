"""What is announced inside the unit of work in which it happens: whoever listens is saved with it or not at all."""

from blinker import Namespace

_signals = Namespace()
sale_saved = _signals.signal("sale-saved")  # sender: Sale
sale_cancelled = _signals.signal("sale-cancelled")  # sender: Sale; cancellation: SaleCancellation
disposition_saved = _signals.signal("disposition-saved")  # sender: CallDisposition
