"""A published script."""

import itertools
from typing import Any

from telesales.extensions import db
from telesales.scripting import service
from telesales.scripting.models import Script
from tests.unit.scripts.sample import sample_data

_numbers = itertools.count(1)


def make_published_script(**changes: Any) -> Script:
    """The small script of `sample.py` with some of its data replaced, published as version 1."""
    slug = f"sample-{next(_numbers)}"
    service.publish(slug, {**sample_data(), "key": slug, **changes})
    db.session.flush()
    script = service.find_script(slug)
    assert script is not None
    return script
