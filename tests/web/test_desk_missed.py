"""An outcome that was saved while the floor was away."""

import pytest
from flask.testing import FlaskClient

from telesales.calls.service.dispositions import record_disposition
from telesales.extensions import db, redis_client, transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_user
from tests.factories_desk import DeskScene, make_desk_call

pytestmark = pytest.mark.usefixtures("app")


def made(state: str, *, saved: bool = True) -> DeskScene:
    """The outcome is committed, and nobody has told the floor."""
    with every_client(), transaction():
        scene = make_desk_call(state=state)
        if saved:
            record_disposition(scene.attempt, db.session.merge(scene.agent), "not_interested")
        return scene


def kinds(scene: DeskScene) -> list[str]:
    return [fields["kind"] for _id, fields in redis_client().xrange(f"ts:{{c{scene.campaign_id}}}:events")]


def test_floor_hears_of_it_when_the_desk_is_opened_again(client: FlaskClient):
    scene = made("wrap_up")

    as_user(client, scene.agent).post("/desk/here")

    assert kinds(scene) == ["agent.wrapped_up"]


@pytest.mark.parametrize(("state", "saved"), [("wrap_up", False), ("on_call", True)])
def test_floor_hears_nothing_that_is_not_saved_or_that_nobody_waits_for(
    client: FlaskClient, state: str, *, saved: bool
):
    scene = made(state, saved=saved)

    as_user(client, scene.agent).post("/desk/here")

    assert kinds(scene) == []
