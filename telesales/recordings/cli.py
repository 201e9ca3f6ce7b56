"""Commands of recordings, for operators."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from dialer.carriers.asterisk.sounds import announcement_files
from dialer.spool import STATE, list_aside, list_spooled, spool_folder, take_back
from telesales.campaigns.models import Campaign
from telesales.campaigns.recording import RecordingPolicy
from telesales.config import new_recording_key
from telesales.extensions import db, transaction
from telesales.phone import InvalidNumberError, parse_number
from telesales.recordings import forgetting, vault
from telesales.recordings.errors import RecordingUnreadableError
from telesales.recordings.models import Recording
from telesales.recordings.spooling import EVERYTHING, read_waits
from telesales.tenancy.scope import every_client

commands = AppGroup("recordings", help="Recordings: keys, checks, requests to erase.")


@commands.command("make-key")
@click.argument("name")
def make_key(name: str) -> None:
    """Print a fresh key; put it first in RECORDING_KEYS and keep the older ones behind it."""
    click.echo(new_recording_key(name))


@commands.command("check")
def check() -> None:
    """Look at every recording that is kept: is its file whole, is its key there? Exit 1 when one is not."""
    keys = ", ".join(current_app.config["RECORDING_KEYS"]) or "none"
    checked, wrong = 0, 0
    with every_client():
        kept = select(Recording).where(Recording.deleted_at.is_(None)).order_by(Recording.id)
        for recording in db.session.scalars(kept.execution_options(yield_per=500)):
            checked += 1
            try:
                vault.open_recording(recording)
            except RecordingUnreadableError as error:
                wrong += 1
                click.echo(
                    f"call {recording.attempt_id}, {recording.side}: {error.code} (key {recording.key_id})"
                )
        db.session.rollback()
    click.echo(f"{checked} recordings looked at, {wrong} cannot be played; keys: {keys}")
    sys.exit(1 if wrong else 0)


@commands.command("spool")
@click.option(
    "--again", is_flag=True, help="Put what was set aside into the spool again, and try everything at once."
)
def spool(*, again: bool) -> None:
    """List what waits in this machine's spool and what was set aside, with reasons. Exit 1 when something was set aside."""
    folder = spool_folder(current_app.config["TELESALES"].data_dir)
    aside = list_aside(folder)
    if again:
        for path, _reason in aside:
            try:
                click.echo(f"tried again: {take_back(path)}")
            except FileExistsError as error:
                click.echo(f"left aside: {path} ({error})")
        (folder / STATE).unlink(missing_ok=True)
        aside = list_aside(folder)
    waits = read_waits(folder)
    for file in list_spooled(folder):
        wait = waits.get(file.path.name) or waits.get(EVERYTHING)
        click.echo(f"waits: {file.path}{f' ({wait.why})' if wait else ''}")
    for path, reason in aside:
        click.echo(f"set aside: {path} ({reason})")
    sys.exit(1 if aside else 0)


@commands.command("announcements")
def announcements() -> None:
    """List what people are to hear before they are recorded, and the sound files that the nodes need for it."""
    with every_client():
        recorded = select(Campaign).where(Campaign.recording_policy != RecordingPolicy.NEVER)
        for campaign in db.session.scalars(recorded.order_by(Campaign.id)):
            text = campaign.recording_announcement.strip()
            if text:
                own, by_text = announcement_files(campaign.id, text)
                click.echo(f"{campaign.name}: {own}.wav, else {by_text}.wav\n  {text}")
        db.session.rollback()


@commands.command("erase")
@click.argument("number")
@click.option("--reason", required=True, help="Who asked for it, and when: it is written down.")
def erase(number: str, reason: str) -> None:
    """Delete every recording of calls with a number, of all clients. Held calls stay and are named."""
    try:
        e164 = parse_number(number, "US").e164
    except InvalidNumberError as error:
        raise click.ClickException(f"{number} is no telephone number ({error.reason})") from error
    with every_client():
        with transaction():
            found = forgetting.recordings_of_number(e164)
            going = forgetting.begin_deleting(found, reason[:300])
            held = sorted({row.attempt_id for row in found} - {row.attempt_id for row in going})
            db.session.expunge_all()
        forgetting.delete_files(going)
        with transaction():
            deleted = forgetting.mark_deleted(going)
    click.echo(f"{deleted} recordings deleted")
    if held:
        click.echo(f"held, not deleted: call {', '.join(map(str, held))}")
        sys.exit(1)
