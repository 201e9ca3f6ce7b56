"""A folder and a bucket keep to the same promises."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from telesales import clock
from telesales.recordings.stores import BucketStore, FolderStore, Store, StoreUnavailableError, open_store
from tests import servers
from tests.s3_server import point_at, run_s3

LARGE = 12 * 1024 * 1024


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    with run_s3() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path: Path, monkeypatch) -> Store:
    if request.param == "folder":
        return open_store("", tmp_path)
    return open_store(point_at(monkeypatch, request.getfixturevalue("s3_address")), tmp_path)


def test_the_address_decides_between_folder_and_bucket(tmp_path: Path, monkeypatch, s3_address: str) -> None:
    assert isinstance(open_store("", tmp_path), FolderStore)
    assert isinstance(open_store(str(tmp_path / "other"), tmp_path), FolderStore)
    assert isinstance(open_store(point_at(monkeypatch, s3_address), tmp_path), BucketStore)


def test_what_is_put_is_read_in_any_part(store: Store) -> None:
    store.put("1/2026-11-22/a", [b"hello ", b"world"])

    assert store.size("1/2026-11-22/a") == 11
    assert store.read("1/2026-11-22/a", 0, 11) == b"hello world"
    assert store.read("1/2026-11-22/a", 6, 8) == b"wo"


def test_a_large_file_goes_up_in_parts(store: Store) -> None:
    store.put("large", (bytes([n % 256]) * 65_536 for n in range(LARGE // 65_536)))

    assert store.size("large") == LARGE
    assert store.read("large", 65_530, 65_542) == b"\0" * 6 + b"\1" * 6
    store.delete("large")


def test_the_same_key_again_replaces(store: Store) -> None:
    store.put("again", [b"one"])
    store.put("again", [b"three"])

    assert store.read("again", 0, store.size("again")) == b"three"


def test_what_is_not_there_has_no_size_and_can_be_deleted(store: Store) -> None:
    store.put("gone", [b"x"])
    store.delete("gone")
    store.delete("gone")

    assert store.size("gone") is None
    with pytest.raises(FileNotFoundError):
        store.read("gone", 0, 1)


def test_a_source_that_breaks_off_leaves_nothing_visible(store: Store, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("the disk with the spool broke")

    with pytest.raises((ValueError, StoreUnavailableError)):
        store.put("broken", broken())

    assert store.size("broken") is None
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_files_of_a_folder_are_nobody_elses(tmp_path: Path) -> None:
    FolderStore(tmp_path / "kept").put("1/day/a", [b"x"])

    path = tmp_path / "kept/1/day/a"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_old_unfinished_files_are_tidied_away(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("1/a", [b"x"])
    old, fresh = tmp_path / "1/b.1.part", tmp_path / "1/c.2.part"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (1_000, 1_000))

    assert store.tidy(clock.now() - timedelta(days=1)) == 1
    assert sorted(path.name for path in (tmp_path / "1").iterdir()) == ["a", "c.2.part"]


def test_a_server_that_is_away_is_told_as_that(monkeypatch, tmp_path: Path) -> None:
    store = open_store(point_at(monkeypatch, f"http://127.0.0.1:{servers.free_port()}"), tmp_path)

    with pytest.raises(StoreUnavailableError):
        store.put("a", [b"x"])


def test_a_folder_that_cannot_be_written_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(StoreUnavailableError):
        FolderStore(tmp_path / "file").put("a", [b"x"])
