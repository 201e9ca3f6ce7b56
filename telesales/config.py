"""Settings, read once from the environment. README and `docs/operator.md` list them in one table."""

import base64
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

DATA_DIR = "var"
KEY_BYTES = 32
_KEY_NAME = re.compile(r"[\w.-]{1,40}", re.ASCII)


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
    recording_keys: str = ""  # "name:key,…", the first seals; empty: the demo makes one, nobody else records
    recording_store: str = ""  # s3://bucket/folder, or a folder; empty: data_dir/recordings
    recording_pause_seconds: int = 120  # a pause ends by itself
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
    read_recording_keys(values.get("recording_keys", ""))
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
    return _made_once(settings.data_dir / "secret_key", secrets.token_urlsafe(48))


def _made_once(path: Path, text: str) -> str:
    """Keep a secret in a file unless there is one, and return what it holds; nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with open(fresh, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(text)
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        except OSError:
            fresh.replace(path)  # a file system without links
        fresh.unlink(missing_ok=True)
    return path.read_text().strip()


def recording_keys_of(settings: Settings) -> dict[str, bytes]:
    """Return the keys of recordings by name, the newest first. Without any, nothing is recorded; only a demo makes one."""
    if settings.recording_keys or not settings.demo:
        return read_recording_keys(settings.recording_keys)
    return read_recording_keys(_made_once(settings.data_dir / "recording_keys", new_recording_key("demo")))


def new_recording_key(name: str) -> str:
    """Make a key as RECORDING_KEYS takes it."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def read_recording_keys(text: str) -> dict[str, bytes]:
    """Read "name:key,name:key"; a key is 32 bytes in base64. Raises ConfigurationError, which never shows a key."""
    keys: dict[str, bytes] = {}
    for number, entry in enumerate(filter(None, (part.strip() for part in text.split(","))), start=1):
        name, _, encoded = entry.partition(":")
        if not _KEY_NAME.fullmatch(name) or name in keys:
            raise ConfigurationError(f"RECORDING_KEYS: entry {number} needs a name of its own, as in 2026a:…")
        try:
            keys[name] = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise ConfigurationError(f"RECORDING_KEYS: the key {name} is not base64") from error
        if len(keys[name]) != KEY_BYTES:
            raise ConfigurationError(f"RECORDING_KEYS: the key {name} does not have {KEY_BYTES} bytes")
    return keys
