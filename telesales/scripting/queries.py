"""Reads for the pages of scripts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from scripts.script import Script as Content
from telesales.errors import NotFoundError
from telesales.extensions import db
from telesales.scripting.models import Script, ScriptVersion
from telesales.scripting.service import current_version, read_version
from telesales.tenancy.scope import current_scope


@dataclass(frozen=True, slots=True)
class Shelved:
    """A script with the version that new calls use."""

    script: Script
    version: ScriptVersion
    content: Content


def list_scripts() -> Sequence[Shelved]:
    """Published scripts that this unit of work may see, by language and name."""
    rows = db.session.scalars(_visible().order_by(Script.language, Script.name))
    return [_shelved(script, version) for script in rows if (version := current_version(script.id))]


def _visible() -> Select[Script]:
    query = select(Script)
    scope = current_scope()
    if scope is None or scope.client_id is None:
        return query
    return query.where(or_(Script.client_id.is_(None), Script.client_id == scope.client_id))


def _shelved(script: Script, version: ScriptVersion) -> Shelved:
    return Shelved(script, version, read_version(version))


def get_version(script_id: int, number: int | None = None) -> Shelved:
    """Return a version of a script, the current one by default."""
    script = db.session.scalar(_visible().where(Script.id == script_id))
    version = None if script is None else _find_version(script, number)
    if script is None or version is None:
        raise NotFoundError
    return _shelved(script, version)


def _find_version(script: Script, number: int | None) -> ScriptVersion | None:
    if number is None:
        return current_version(script.id)
    return db.session.scalar(
        select(ScriptVersion).where(ScriptVersion.script_id == script.id, ScriptVersion.version == number)
    )


def list_versions(script_id: int) -> Sequence[ScriptVersion]:
    """Every version of a script, newest first."""
    return db.session.scalars(
        select(ScriptVersion)
        .where(ScriptVersion.script_id == script_id)
        .order_by(ScriptVersion.version.desc())
    ).all()
