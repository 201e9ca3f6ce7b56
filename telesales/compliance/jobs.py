"""Work on the do-not-call list outside of requests."""

from flask import current_app

from telesales.compliance import uploads
from telesales.tenancy.scope import every_client

READ_UPLOAD = "telesales.compliance.jobs.read_upload"


def read_upload(upload_id: int) -> None:
    """Read a file of numbers into the list. Safe to run twice, also at once."""
    with every_client():
        uploads.run_upload(upload_id, folder=current_app.config["TELESALES"].data_dir)
