import stat
import subprocess
from pathlib import Path

import pytest
import redis

from telesales.processes import bundled_redis


def test_bundled_server_starts_with_a_password_and_keeps_what_it_was_told(tmp_path: Path) -> None:
    for value in (b"kept", None):
        bundled = bundled_redis.prepare(tmp_path)
        process = subprocess.Popen(bundled.command, stdout=subprocess.DEVNULL)
        bundled_redis.wait_until_up(bundled.url)
        client = redis.Redis.from_url(bundled.url)
        if value:
            client.set("fact", value)
        assert client.get("fact") == b"kept"
        client.close()
        process.kill()
        process.wait()


def test_bundled_server_refuses_strangers(tmp_path: Path) -> None:
    bundled = bundled_redis.prepare(tmp_path)
    process = subprocess.Popen(bundled.command, stdout=subprocess.DEVNULL)
    bundled_redis.wait_until_up(bundled.url)
    port = int(bundled.url.rsplit(":", 1)[1].split("/")[0])
    stranger = redis.Redis(port=port)

    with pytest.raises(redis.AuthenticationError):
        stranger.ping()

    stranger.close()
    process.kill()
    process.wait()


def test_password_is_in_a_file_that_only_the_owner_reads(tmp_path: Path) -> None:
    bundled = bundled_redis.prepare(tmp_path)

    assert stat.S_IMODE(Path(bundled.command[1]).stat().st_mode) == 0o600


def test_server_that_came_with_the_packages_is_found_without_a_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "valkey" in bundled_redis.find_server()
