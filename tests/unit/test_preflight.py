import socket
from pathlib import Path

import pytest

from telesales.config import ConfigurationError, Settings, settings_from
from telesales.processes import preflight
from telesales.processes.programs import programs
from tests.factories_telephony import TELEPHONY_FILE


def test_port_in_use_is_told_with_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(preflight.PreflightError, match=r"in use: choose another with PORT=…"):
            preflight.check_port("127.0.0.1", taken.getsockname()[1], "PORT")


def test_second_floor_on_the_same_data_is_refused(tmp_path: Path) -> None:
    lock = preflight.claim_data_dir(tmp_path)

    with pytest.raises(preflight.PreflightError, match="running already"):
        preflight.claim_data_dir(tmp_path)
    lock.close()


def test_data_directory_is_free_again_when_the_floor_has_stopped(tmp_path: Path) -> None:
    preflight.claim_data_dir(tmp_path).close()

    preflight.claim_data_dir(tmp_path).close()


def test_full_disk_is_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "NEEDED_BYTES", 2**60)

    with pytest.raises(preflight.PreflightError, match="free some space"):
        preflight.check_disk(tmp_path)


def test_data_directory_that_cannot_be_made_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(preflight.PreflightError, match="choose another with DATA_DIR"):
        preflight.claim_data_dir(tmp_path / "file" / "below")


def test_setting_that_is_not_understood_names_itself() -> None:
    with pytest.raises(ConfigurationError, match="PORT='eighty'"):
        settings_from({"PORT": "eighty"})


def test_settings_come_from_the_environment() -> None:
    settings = settings_from(
        {"PORT": "9000", "DEMO": "0", "DATABASE_URL": "postgres://db/x", "CARRIER_SPEED": "2.5"}
    )

    assert (settings.port, settings.push_port_used, settings.demo) == (9000, 9001, False)
    assert settings.database == "postgresql+psycopg://db/x"
    assert settings.carrier_speed == 2.5
    assert settings_from({"PORT": ""}) == Settings()


def test_a_telephony_file_with_a_missing_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "telephony.toml"
    path.write_text(TELEPHONY_FILE)

    with pytest.raises(preflight.PreflightError, match="ASTERISK_PASSWORD is empty"):
        preflight.check_telephony({"TELEPHONY_FILE": str(path)})
    preflight.check_telephony({"TELEPHONY_FILE": str(path), "ASTERISK_PASSWORD": "x"})
    preflight.check_telephony({})


def test_the_gateway_is_started_only_with_a_telephony_file() -> None:
    names = [
        {program.name for program in programs(Settings(telephony_file=named))} for named in ("", "x.toml")
    ]

    assert names[1] - names[0] == {"asterisk"}
