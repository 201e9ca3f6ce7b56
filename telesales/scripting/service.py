"""Verbs of scripts: publishing versions."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from scripts.checks import check
from scripts.reading import ScriptError, checksum, script_from
from scripts.script import Script as Content
from scripts.shelf import shipped
from telesales.audit.service import record
from telesales.extensions import db
from telesales.scripting.models import Script, ScriptVersion


@dataclass(frozen=True, slots=True)
class LibraryLoad:
    """Slugs of shipped scripts by what loading did with them."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]


def load_library() -> LibraryLoad:
    """Bring the shipped scripts into the database; a new version only where the content has changed."""
    done: dict[str, list[str]] = {"added": [], "updated": [], "unchanged": []}
    for file_name, data in shipped():
        slug = file_name.removesuffix(".toml")
        is_known = find_script(slug) is not None
        version = publish(slug, data)
        done["unchanged" if version is None else "updated" if is_known else "added"].append(slug)
    return LibraryLoad(*(tuple(done[key]) for key in ("added", "updated", "unchanged")))


def find_script(slug: str, *, client_id: int | None = None) -> Script | None:
    """Return the script of a client, or a shipped one."""
    return db.session.scalar(select(Script).where(Script.slug == slug, Script.client_id == client_id))


def publish(slug: str, data: Mapping[str, Any], *, client_id: int | None = None) -> ScriptVersion | None:
    """Publish a text as the next version; None when it is the current one already. Raises ScriptError."""
    content = script_from(data, place=slug)
    problems = check(content)
    if problems:
        raise ScriptError(slug, "; ".join(str(problem) for problem in problems))
    script = find_script(slug, client_id=client_id) or _add_script(slug, client_id)
    script.name, script.language = content.title, content.language
    return _next_version(script, data)


def _add_script(slug: str, client_id: int | None) -> Script:
    script = Script(slug=slug, client_id=client_id, name=slug, language="")
    db.session.add(script)
    return script


def _next_version(script: Script, data: Mapping[str, Any]) -> ScriptVersion | None:
    db.session.flush()
    current = current_version(script.id)
    fingerprint = checksum(data)
    if current is not None and current.checksum == fingerprint:
        return None
    number = db.session.scalar(
        select(func.max(ScriptVersion.version)).where(ScriptVersion.script_id == script.id)
    )
    version = ScriptVersion(
        script_id=script.id, version=(number or 0) + 1, checksum=fingerprint, content=dict(data)
    )
    db.session.add(version)
    record("script.published", script, version=version.version)
    return version


def current_version(script_id: int) -> ScriptVersion | None:
    """Return the version that new calls use; None while nothing was published."""
    return db.session.scalar(
        select(ScriptVersion)
        .where(ScriptVersion.script_id == script_id)
        .order_by(ScriptVersion.version.desc())
        .limit(1)
    )


def read_version(version: ScriptVersion) -> Content:
    """Return the script of a version; versions never change, so each is read once per process."""
    return _read(version.checksum, json.dumps(version.content))


@functools.lru_cache(maxsize=64)
def _read(_checksum: str, content: str) -> Content:
    return script_from(json.loads(content))
