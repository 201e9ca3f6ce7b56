"""The composer: puts settings, extensions and domains together. Nothing else knows them all."""

import logging
from importlib import import_module

import redis
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from telesales import error_pages, i18n, models, navigation, web_requests
from telesales.access.limits import limiter
from telesales.audit import hook as audit_hook
from telesales.config import Settings, recording_keys_of, secret_key_of, settings_from
from telesales.extensions import db, migrate

BLUEPRINTS: tuple[str, ...] = (
    "telesales.health.views",
    "telesales.push_links",
    "telesales.centre.views.home",
    "telesales.centre.pages",
    "telesales.agents.views.account",
    "telesales.agents.pages",
    "telesales.audit.views",
    "telesales.scripting.views",
    "telesales.calls.views",
    "telesales.calls.history",
    "telesales.recordings.pages",
    "telesales.telephony.views",
    "telesales.telephony.operating_pages",
    "telesales.messages.views",
    "telesales.desk.pages",
    "telesales.campaigns.pages",
    "telesales.leads.pages",
    "telesales.compliance.views",
    "telesales.dialing.pages",
    "telesales.supervision.pages",
    "telesales.whatif.views",
    "telesales.commissions.pages",
    "telesales.standings.pages",
    "telesales.whiteboard.views",
    "telesales.timelines.views",
)
COMMANDS: tuple[str, ...] = (
    "telesales.demo.cli",
    "telesales.standings.cli",
    "telesales.agents.cli",
    "telesales.scripting.cli",
    "telesales.leads.cli",
    "telesales.recordings.cli",
    "telesales.whatif.cli",
    "telesales.telephony.cli",
)
CONNECTS: tuple[str, ...] = (
    "telesales.telephony.launch",
    "telesales.telephony.reactions",
    "telesales.messages.heard",
    "telesales.leads.service",
    "telesales.calls.reactions",
    "telesales.desk.reactions",
    "telesales.commissions.reactions",
    "telesales.standings.service.announcing",
    "telesales.whiteboard.reactions",
    "telesales.campaigns.reactions",
    "telesales.dialing.progress",
    "telesales.supervision.reactions",
    "telesales.demo.reactions",
)  # modules with `connect()`: domains that react to signals of lower ones
REDIS_TIMEOUT_S = 5

csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application from settings (default: the environment)."""
    settings = settings or settings_from()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = Flask("telesales")
    configure(app, settings)
    db.init_app(app)
    migrate.init_app(app, db, directory="migrations")
    web_requests.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    audit_hook.init_app(app)
    error_pages.init_app(app)
    i18n.init_app(app, web_requests.centre_defaults)
    navigation.init_app(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(name).bp)
    for name in COMMANDS:
        app.cli.add_command(import_module(name).commands)
    for name in CONNECTS:
        import_module(name).connect()
    wrap(app, settings)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Translate settings into Flask's own names."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=secret_key_of(settings),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": not settings.database.startswith("sqlite")},
        SESSION_COOKIE_NAME="telesales",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=(settings.upload_limit_mb + 1) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        RATELIMIT_STORAGE_URI=settings.redis_url or "redis://127.0.0.1:6379/0",
        RATELIMIT_SWALLOW_ERRORS=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_TRANSLATION_DIRECTORIES="translations",
        RECORDING_KEYS=recording_keys_of(settings),
        TESTING=settings.testing,
        TELESALES=settings,
    )
    app.extensions["models"] = models
    app.extensions["redis"] = redis.Redis.from_url(
        settings.redis_url or "redis://127.0.0.1:6379/0",
        decode_responses=True,
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 1),  # a person waits: tell soon rather than try for seconds
    )


def wrap(app: Flask, settings: Settings) -> None:
    """Put static files and, behind a proxy, forwarded headers around the application."""
    inner = WhiteNoise(
        app.wsgi_app, root=f"{app.root_path}/static", prefix="static/", max_age=0
    )  # asked again each time: never old scripts with new pages
    app.wsgi_app = ProxyFix(inner, x_for=1, x_proto=1, x_host=1) if settings.behind_proxy else inner  # type: ignore[method-assign]
