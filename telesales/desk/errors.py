"""What the desk refuses."""

from collections.abc import Sequence

from telesales.desk.rules import Gap
from telesales.errors import ConflictError, ForbiddenError, TelesalesError


class StepMovedError(ConflictError):
    """The call stands at another step by now; nothing was changed."""

    code = "step-moved"


class NotYourCallError(ForbiddenError):
    """The call belongs to somebody else."""

    code = "not-your-call"


class SaleGapsError(TelesalesError):
    """A sale lacks something that has to be said or written down."""

    status = 422
    code = "sale-gaps"

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(", ".join(gap.title for gap in gaps))
        self.gaps = gaps


class SaleSavedError(ConflictError):
    """A sale was saved in this call; another outcome would contradict it."""

    code = "sale-saved"


class SaleCancelledError(ConflictError):
    """The sale was cancelled since the page was shown: it is sold again only by somebody who knows that."""

    code = "sale-cancelled"
