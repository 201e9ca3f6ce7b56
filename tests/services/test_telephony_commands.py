"""`flask telephony …`, as an operator types it."""

import stat
from pathlib import Path

import pytest

from tests.factories_telephony import TELEPHONY_FILE


@pytest.fixture
def telephony_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "telephony.toml"
    path.write_text(TELEPHONY_FILE)
    monkeypatch.setenv("TELEPHONY_FILE", str(path))
    monkeypatch.setenv("ASTERISK_PASSWORD", "a secret of the tests")
    return path


def telephony(app, *words: str):
    return app.test_cli_runner().invoke(args=["telephony", *words])


def test_the_doctor_is_content_without_a_telephone(app, monkeypatch):
    monkeypatch.delenv("TELEPHONY_FILE", raising=False)

    result = telephony(app, "doctor")

    assert result.exit_code == 0
    assert "simulated" in result.output


def test_the_doctor_ends_with_one_when_something_is_to_be_mended(app, telephony_file):
    telephony_file.write_text(TELEPHONY_FILE.replace("max_channels = 30", "max_channels = -1"))

    result = telephony(app, "doctor")

    assert result.exit_code == 1
    assert "trunks[1].max_channels" in result.output
    assert "1 to mend" in result.output


def test_the_configuration_is_written_and_not_for_everybody(app, telephony_file, tmp_path):
    result = telephony(app, "config", str(tmp_path / "etc"))

    assert result.exit_code == 0, result.output
    pjsip = tmp_path / "etc" / "pjsip.conf"
    assert "contact = sip:sip.example.com:5060" in pjsip.read_text()
    assert stat.S_IMODE(pjsip.stat().st_mode) == 0o640
    assert "a secret of the tests" not in result.output


def test_a_missing_secret_is_named_and_nothing_is_written(app, telephony_file, tmp_path, monkeypatch):
    monkeypatch.delenv("ASTERISK_PASSWORD")

    result = telephony(app, "config", str(tmp_path / "etc"))

    assert result.exit_code == 2
    assert "ASTERISK_PASSWORD" in result.output
    assert not (tmp_path / "etc").exists()


def test_with_several_nodes_one_has_to_be_named(app, telephony_file, tmp_path):
    node, trunk = TELEPHONY_FILE.split("[[trunks]]")
    telephony_file.write_text(node + node.replace('"one"', '"two"') + "[[trunks]]" + trunk)

    missing = telephony(app, "config", str(tmp_path / "etc"))
    named = telephony(app, "config", str(tmp_path / "etc"), "--node", "two")

    assert (missing.exit_code, named.exit_code) == (2, 0)
    assert "one, two" in missing.output
    assert "systemname = two" in (tmp_path / "etc" / "asterisk.conf").read_text()


def test_without_a_file_the_variable_is_named(app, tmp_path, monkeypatch):
    monkeypatch.delenv("TELEPHONY_FILE", raising=False)

    result = telephony(app, "config", str(tmp_path / "etc"))

    assert result.exit_code == 2
    assert "TELEPHONY_FILE" in result.output
