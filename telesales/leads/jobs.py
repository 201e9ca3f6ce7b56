"""Imports outside of requests."""

from flask import current_app

from dialer.queues import IMPORT
from telesales.compliance.jobs import READ_UPLOAD
from telesales.compliance.uploads import take_interrupted_uploads
from telesales.extensions import enqueue
from telesales.leads.importing.running import run_import, take_interrupted_imports

IMPORT_LEADS = "telesales.leads.jobs.import_leads"


def import_leads(import_id: int) -> None:
    """Run an import from where it stands. Safe to run twice, also at once."""
    run_import(import_id, folder=current_app.config["TELESALES"].data_dir)


def resume_interrupted_imports() -> None:
    """Queue imports and do-not-call files whose worker was killed. Only queues: a job of the clock must be short."""
    for import_id in take_interrupted_imports():
        enqueue(IMPORT, IMPORT_LEADS, import_id)
    for upload_id in take_interrupted_uploads():
        enqueue(IMPORT, READ_UPLOAD, upload_id)
