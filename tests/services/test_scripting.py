"""Scripts in the database, by version."""

import pytest
from flask import Flask
from sqlalchemy import select

from scripts.reading import ScriptError
from scripts.shelf import shipped
from telesales.extensions import db
from telesales.scripting import queries, service
from telesales.scripting.models import Script, ScriptVersion
from tests.factories_scripting import make_published_script
from tests.unit.scripts.sample import sample_data

pytestmark = pytest.mark.usefixtures("app")


def test_loading_the_library_brings_every_shipped_script() -> None:
    done = service.load_library()

    assert set(done.added) == {name.removesuffix(".toml") for name, _ in shipped()}
    assert {script.language for script in db.session.scalars(select(Script))} == {"en", "zh"}


def test_loading_again_changes_nothing() -> None:
    first = service.load_library()

    again = service.load_library()

    assert (again.added, again.updated, again.unchanged) == ((), (), first.added)
    assert len(db.session.scalars(select(ScriptVersion)).all()) == len(first.added)


def test_a_changed_text_is_the_next_version_and_the_old_one_stays() -> None:
    script = make_published_script()

    service.publish(script.slug, {**sample_data(), "key": script.slug, "title": "Sample, new"})

    assert service.current_version(script.id).version == 2
    assert script.name == "Sample, new"
    assert queries.get_version(script.id, 1).content.title == "Sample"


def test_a_script_that_is_not_sound_is_not_published() -> None:
    data = sample_data()
    data["steps"][0]["answers"][0]["goes_to"] = "nowhere"

    with pytest.raises(ScriptError, match="unknown step nowhere"):
        service.publish("broken", data)


def test_a_version_is_read_back_as_the_script_it_was() -> None:
    script = make_published_script()

    content = service.read_version(service.current_version(script.id))

    assert content.step("offer").fields[1].choices[1].title == "Big plan"


def test_the_command_says_what_it_did(app: Flask) -> None:
    runner = app.test_cli_runner()

    first, second = runner.invoke(args=["scripts", "load"]), runner.invoke(args=["scripts", "load"])

    assert "added     telecom-upgrade-en" in first.output
    assert "unchanged telecom-upgrade-en" in second.output
