"""Settings, read once from the environment. README and `docs/operator.md` list them in one table."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

DATA_DIR = "var"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the environment may decide."""

    data_dir: Path = Path(DATA_DIR)
    host: str = "127.0.0.1"
    port: int = 8000
    push_port: int = 0  # 0: PORT + 1
    public_url: str = ""  # how browsers reach the web server; empty: the host they asked for
    push_url: str = ""  # how browsers reach the push server; empty: same host, push_port
    database_url: str = ""  # empty: SQLite in data_dir
    redis_url: str = ""  # empty: the bundled server in data_dir
    secret_key: str = ""  # empty: made once and kept in data_dir/secret_key
    demo: bool = True
    behind_proxy: bool = False  # trust X-Forwarded-* of one proxy
    secure_cookies: bool = False  # True behind TLS
    upload_limit_mb: int = 100
    web_threads: int = 16
    dial_workers: int = 2
    engines: int = 1
    telephony_file: str = ""  # TOML with Asterisk nodes and trunks; empty: the simulated carrier alone
    carrier_seed: int = 1
    carrier_speed: float = 1.0
    log_level: str = "INFO"
    testing: bool = False

    @property
    def database(self) -> str:
        """SQLAlchemy URL."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'telesales.db').resolve()}"
        return normal_database_url(self.database_url)

    @property
    def carriers(self) -> tuple[str, ...]:
        """Carriers that a campaign may choose."""
        return ("simulated", "asterisk") if self.telephony_file else ("simulated",)

    @property
    def push_port_used(self) -> int:
        """Port of the push server."""
        return self.push_port or self.port + 1


def normal_database_url(url: str) -> str:
    """Name the driver that we ship: psycopg 3."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


class ConfigurationError(Exception):
    """A setting cannot be understood; the message is for the operator."""


def settings_from(environ: Mapping[str, str] | None = None) -> Settings:
    """Read settings; the name in the environment is the field's name in capitals."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for field in fields(Settings):
        raw = environ.get(field.name.upper())
        if raw is None or raw == "":
            continue
        values[field.name] = _parse(field.name, raw, getattr(_DEFAULTS, field.name))
    return Settings(**values)


def _parse(name: str, raw: str, default: object) -> object:
    try:
        if isinstance(default, bool):
            return _parse_flag(raw)
        if isinstance(default, int | float | Path):
            return type(default)(raw)
    except ValueError as error:
        raise ConfigurationError(
            f"{name.upper()}={raw!r} is not understood: expected {type(default).__name__}"
        ) from error
    return raw


def _parse_flag(raw: str) -> bool:
    flags = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if raw.lower() not in flags:
        raise ValueError(raw)
    return flags[raw.lower()]


_DEFAULTS = Settings()


def secret_key_of(settings: Settings) -> str:
    """Return the signing key: from the environment, or made once and kept in the data directory."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_dir / "secret_key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()
