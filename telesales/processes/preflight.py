"""What must be true before a floor starts; each failure is one sentence with its remedy."""

import fcntl
import os
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from dialer.carriers.asterisk.settings import SecretMissingError, TelephonySettingsError, secret_of
from dialer.carriers.asterisk.settings_file import load_telephony
from telesales.config import Settings

NEEDED_BYTES = 200 * 1024 * 1024


class PreflightError(Exception):
    """The floor cannot start; the message is for a person."""


def check(settings: Settings) -> IO[str]:
    """Check everything. Returns the lock on the data directory: keep it open."""
    lock = claim_data_dir(settings.data_dir)
    check_disk(settings.data_dir)
    check_port(settings.host, settings.port, "PORT")
    check_port(settings.host, settings.push_port_used, "PUSH_PORT")
    check_telephony(os.environ)
    return lock


def check_telephony(environ: Mapping[str, str]) -> None:
    """Refuse a telephony file with mistakes, and passwords that are not there."""
    try:
        telephony = load_telephony(environ)
        for node in telephony.nodes if telephony else ():
            secret_of(node.ari_password_env, environ)
    except (TelephonySettingsError, SecretMissingError) as error:
        raise PreflightError(str(error)) from error


def claim_data_dir(data_dir: Path) -> IO[str]:
    """Make sure that one floor alone uses the data directory."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = open(data_dir / "running.lock", "a+")  # noqa: SIM115 - open as long as the floor runs
    except OSError as error:
        raise PreflightError(
            f"The data directory {data_dir} cannot be written ({error.strerror}): choose another with DATA_DIR=…"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise PreflightError(
            f"A floor is running already with the data in {data_dir}: stop it with Ctrl-C, "
            "or start another with DATA_DIR=… and PORT=…"
        ) from error
    return lock


def check_disk(data_dir: Path) -> None:
    """Refuse to start where the database would soon fail."""
    free = shutil.disk_usage(data_dir).free
    if free < NEEDED_BYTES:
        raise PreflightError(
            f"The disk of {data_dir} has {free // 1024**2} MB left and {NEEDED_BYTES // 1024**2} MB are needed: "
            "free some space, or choose another place with DATA_DIR=…"
        )


def check_port(host: str, port: int, name: str) -> None:
    """Refuse a port that somebody else listens on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise PreflightError(
                f"Port {port} needs rights that you do not have: choose one above 1023 with {name}=…"
            ) from error
        except OSError as error:
            raise PreflightError(
                f"Port {port} on {host} is in use: choose another with {name}=… ({os.strerror(error.errno or 0)})"
            ) from error


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
