"""Where sealed recordings lie: a folder of ours, or a bucket of any S3-compatible store."""

import contextlib
import os
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

SCHEMES = ("s3://", "gs://", "az://")
UNFINISHED = ".part"
UPLOAD_PIECE = 5 * 1024 * 1024
RETRY_SECONDS = 15


class StoreUnavailableError(Exception):
    """The store cannot be reached, or refuses us."""


class Store(Protocol):
    """What recordings need of a place. A file is there as a whole or not at all, also after a crash."""

    def put(self, key: str, pieces: Iterable[bytes]) -> None:
        """Keep a file; the same key again replaces it."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes of a file; None when it is not there."""
        ...

    def read(self, key: str, start: int, end: int) -> bytes:
        """Bytes from start up to end; fewer when the file is shorter. FileNotFoundError when it is not there."""
        ...

    def delete(self, key: str) -> None:
        """Delete a file; one that is not there is no error."""
        ...

    def tidy(self, before: datetime) -> int:
        """Delete what writes that were never finished left behind; return how many."""
        ...


class FolderStore:
    """Files in a folder, written beside their place, synced, then moved."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, pieces: Iterable[bytes]) -> None:
        """Keep a file."""
        path = self._folder / key
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise StoreUnavailableError(f"{path}: {error.strerror}") from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink()  # moved, unless something failed

    def size(self, key: str) -> int | None:
        """Bytes of a file."""
        try:
            return (self._folder / key).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, key: str, start: int, end: int) -> bytes:
        """Bytes from start up to end."""
        with (self._folder / key).open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def delete(self, key: str) -> None:
        """Delete a file."""
        try:
            (self._folder / key).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailableError(f"{key}: {error.strerror}") from error

    def tidy(self, before: datetime) -> int:
        """Delete unfinished files."""
        limit = before.timestamp()
        old = [part for part in self._folder.rglob(f"*{UNFINISHED}") if part.stat().st_mtime < limit]
        for part in old:
            part.unlink(missing_ok=True)
        return len(old)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class BucketStore:
    """Objects in a bucket; address and credentials are the usual AWS_… variables of the environment."""

    def __init__(self, url: str) -> None:
        plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        self._bucket: ObjectStore = from_url(
            url,
            client_options={"allow_http": plain, "timeout": "60s", "connect_timeout": "5s"},
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
        )

    def put(self, key: str, pieces: Iterable[bytes]) -> None:
        """Keep an object; a large one in parts that become visible together."""
        try:
            obstore.put(self._bucket, key, iter(pieces), chunk_size=UPLOAD_PIECE, max_concurrency=2)
        except BaseError as error:
            raise StoreUnavailableError(str(error)) from error

    def size(self, key: str) -> int | None:
        """Bytes of an object."""
        try:
            return int(obstore.head(self._bucket, key)["size"])
        except FileNotFoundError:
            return None
        except BaseError as error:
            raise StoreUnavailableError(str(error)) from error

    def read(self, key: str, start: int, end: int) -> bytes:
        """Bytes from start up to end."""
        try:
            return bytes(obstore.get_range(self._bucket, key, start=start, end=end))
        except BaseError as error:
            raise StoreUnavailableError(str(error)) from error

    def delete(self, key: str) -> None:
        """Delete an object."""
        try:
            obstore.delete(self._bucket, key)
        except FileNotFoundError:
            return
        except BaseError as error:
            raise StoreUnavailableError(str(error)) from error

    def tidy(self, before: datetime) -> int:
        """Nothing: unfinished uploads are never visible, and the bucket's lifecycle rule removes them."""
        return 0


def open_store(address: str, data_dir: Path) -> Store:
    """The store that the operator named; a folder of the data directory unless told otherwise."""
    if address.startswith(SCHEMES):
        return BucketStore(address)
    return FolderStore(Path(address) if address else data_dir / "recordings")
