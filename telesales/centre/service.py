"""Settings of the centre."""

from telesales.centre.models import CentreSettings
from telesales.extensions import db


def settings() -> CentreSettings:
    """Return the one row; defaults while nothing was saved."""
    row = db.session.get(CentreSettings, 1)
    return row or CentreSettings(
        id=1, name="Telesales", mission="", locale="en", time_zone="UTC", currency="USD"
    )
