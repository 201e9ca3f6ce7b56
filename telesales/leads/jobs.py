"""Imports outside of requests."""

from flask import current_app

from telesales.compliance.jobs import resume_interrupted_uploads
from telesales.leads.importing.running import find_interrupted_imports, run_import

IMPORT_LEADS = "telesales.leads.jobs.import_leads"


def import_leads(import_id: int) -> None:
    """Run an import from where it stands. Safe to run twice, also at once."""
    run_import(import_id, folder=current_app.config["TELESALES"].data_dir)


def resume_interrupted_imports() -> None:
    """Go on with imports and do-not-call files whose worker was killed."""
    for import_id in find_interrupted_imports():
        import_leads(import_id)
    resume_interrupted_uploads()
