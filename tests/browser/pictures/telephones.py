"""The operator's page of telephones needs nodes and trunks: a gateway's state is written as the gateway would."""

import logging
from pathlib import Path

import redis
from flask_migrate import upgrade
from playwright.sync_api import Browser

from dialer import live
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.caller_ids import counts_key
from telesales import clock
from telesales.access.roles import Role
from telesales.agents import sessions
from telesales.app import create_app
from telesales.centre import service as centre
from telesales.config import Settings
from telesales.extensions import transaction
from telesales.tenancy.scope import every_client
from tests import servers
from tests.browser.conftest import Web
from tests.browser.pictures.studio import take
from tests.factories import make_user
from tests.floor.conftest import ROOT

CALLS = {"one": (9, 31, 6), "two": (4, 22, 3)}  # node: rings, talks, agents' telephones
TRUNKS = {"one": ("main",), "two": ("second", "mobile")}


def photograph(browser: Browser, folder: Path) -> None:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # its requests are no news
    with servers.run_redis(folder) as url:
        settings = Settings(
            data_dir=folder / "telephones", redis_url=url, secret_key="only for pictures", demo=False,
            telephony_file=str(write_file(folder)), log_level="WARNING",
        )  # fmt: skip
        settings.data_dir.mkdir()
        app = create_app(settings)
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            make_gateway(redis.Redis.from_url(url, decode_responses=True))
            with transaction(), every_client():
                centre.set_up(
                    centre.CentreFacts(
                        name="Harbour Calls", mission="", locale="en", time_zone="UTC", currency="USD"
                    )
                )
                token = sessions.issue_session(make_user(role=Role.ADMINISTRATOR, name="Alex Morgan").id)[1]
            web = Web(app)
            try:
                look(browser, web, token)
            finally:
                web.stop()


def look(browser: Browser, web: Web, token: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    cookie = web.app.session_interface.get_signing_serializer(web.app).dumps({sessions.COOKIE_KEY: token})
    name = web.app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": cookie, "url": web.url}])
    page.goto(f"{web.url}/telephones/")
    take(page, "telephones")
    page.close()


def write_file(folder: Path) -> Path:
    nodes = "".join(
        f'[[nodes]]\nname = "{name}"\nari_url = "http://127.0.0.1:8088/ari"\nari_user = "telesales"\n'
        f'ari_password_env = "ASTERISK_PASSWORD"\nbrowser_url = "wss://{name}.example.com:8089/ws"\n'
        for name in TRUNKS
    )
    trunks = "".join(
        f'[[trunks]]\nname = "{trunk}"\nnode = "{node}"\nhost = "{trunk}.example.com"\nmax_channels = 60\n'
        f'caller_ids = ["+1202555010{nth}"]\n'
        for nth, (node, trunk) in enumerate((node, trunk) for node in TRUNKS for trunk in TRUNKS[node])
    )
    path = folder / "telephony.toml"
    path.write_text(nodes + trunks)
    return path


def make_gateway(client: redis.Redis) -> None:
    """Two nodes are served; calls ring and talk on three trunks."""
    now, calls, agents = clock.now().timestamp(), iter(range(1, 1_000)), iter(range(1, 100))
    client.set(live.alive_key("carrier", "asterisk"), "gateway-1|0")
    for node, (ringing, talking, telephones) in CALLS.items():
        client.set(keys.node_up(node), "gateway-1")
        client.set(keys.node_lease(node), "gateway-1")
        for state, count in ((keys.RINGING, ringing), (keys.CONNECTED, talking)):
            for nth in range(count):
                attempt, trunk = next(calls), TRUNKS[node][nth % len(TRUNKS[node])]
                client.sadd(keys.node_calls(node), attempt)
                client.sadd(keys.trunk_calls(trunk), attempt)
                client.hset(keys.call_key(attempt), "state", state)
        for _nth in range(telephones):
            agent = next(agents)
            client.sadd(keys.AGENTS, agent)
            client.hset(keys.agent_key(agent), "node", node)
    client.hset(counts_key(now), mapping={f"+1202555010{nth}": 212 - 40 * nth for nth in range(3)})
