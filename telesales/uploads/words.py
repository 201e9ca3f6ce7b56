"""What people are told about files."""

from flask_babel import gettext as _

from telesales.uploads.errors import Unreadable
from telesales.uploads.table import MAX_COLUMNS


def explain(reason: Unreadable) -> str:
    """Say why a file cannot be read, and what to do."""
    sentences = {
        Unreadable.EMPTY: _("The file is empty."),
        Unreadable.HEADER_ONLY: _("The file has a header and no rows."),
        Unreadable.BINARY: _(
            "This is not a table: it holds something other than text. Save it as CSV or XLSX and try again."
        ),
        Unreadable.OLD_EXCEL: _(
            "This is an Excel file of the old kind (XLS) or one with a password. Save it as XLSX or CSV and try again."
        ),
        Unreadable.TOO_LARGE: _("The file is larger than what can be taken. Split it and upload the parts."),
        Unreadable.TOO_MANY_COLUMNS: _(
            "The file has more than %(count)s columns. Remove the columns that are not needed.",
            count=MAX_COLUMNS,
        ),
        Unreadable.INFLATES: _(
            "The workbook unpacks to far more than its size. Save it as CSV and try again."
        ),
        Unreadable.BROKEN_WORKBOOK: _("The workbook is damaged. Open it, save it as CSV and try again."),
        Unreadable.NO_ROOM: _(
            "There is no room left on the server's disk. Tell the person who looks after it."
        ),
        Unreadable.NO_NUMBERS: _("No column of the file looks like telephone numbers of this country."),
    }
    return str(sentences[reason])
