"""A supervisor takes part in calls; what is written down and asked of the network."""

from sqlalchemy import select

from dialer.live import carrier_commands
from telesales.extensions import db, redis_client
from telesales.supervision.models import SupervisionStep
from telesales.tenancy.scope import every_client
from tests.actors import Actor
from tests.factories_desk import DeskScene

URL = "/supervision/listening"


def take_part(actor: Actor, scene: DeskScene, mode: str = "listen"):
    return actor.post(URL, agent=str(scene.agent_id), mode=mode)


def commands() -> list[tuple[str, str]]:
    found = redis_client().xrange(carrier_commands("simulated"))
    return [(fields["mode"], fields["agent"]) for _id, fields in found if fields["command"] == "supervise"]


def steps() -> list[SupervisionStep]:
    with every_client():
        return list(db.session.scalars(select(SupervisionStep).order_by(SupervisionStep.id)))


def modes() -> list[tuple[str, str]]:
    return [(step.mode, step.why) for step in steps()]
