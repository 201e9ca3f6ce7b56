"""Agents whose calls come from Asterisk."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from telesales.extensions import redis_client, transaction
from tests.actors import Actor, as_user
from tests.factories_calls import make_calling_agent, make_calling_campaign, make_on_floor
from tests.factories_telephony import TELEPHONY_FILE, commands, make_carrier

JSON = {"Accept": "application/json"}


def use_asterisk(app: Flask, monkeypatch: pytest.MonkeyPatch, file: Path, text: str = TELEPHONY_FILE) -> Path:
    """Let the application read this telephony file; somebody runs the carrier."""
    file.write_text(text)
    settings = replace(app.config["TELESALES"], telephony_file=str(file))
    monkeypatch.setitem(app.config, "TELESALES", settings)
    make_carrier(redis_client(), "asterisk")
    return file


def seated(client: FlaskClient, carrier: str = "asterisk", state: str = "paused", **campaign) -> Actor:
    """An agent who is signed on to a campaign of this carrier."""
    with transaction():
        person = make_calling_agent()
        make_on_floor(person, make_calling_campaign(person, carrier=carrier, **campaign), state)
    return as_user(client, person)


def asked() -> list[dict]:
    return commands(redis_client(), "asterisk")
