"""The gateway process: `python -m dialer.carriers.asterisk.gateway` with REDIS_URL and TELEPHONY_FILE in the environment.

Any number may run. Each takes the leases of nodes that nobody serves; one of all routes the commands.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Mapping

import redis
from redis.asyncio import Redis

from dialer import clock, live
from dialer.carriers.announcing import announce
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.agents_book import AgentBook
from dialer.carriers.asterisk.book import AWAY
from dialer.carriers.asterisk.callers import Announce
from dialer.carriers.asterisk.client import NAME
from dialer.carriers.asterisk.lease import RENEW_SECONDS, Lease, name_process
from dialer.carriers.asterisk.routing import Router, route_until
from dialer.carriers.asterisk.service import NodeService
from dialer.carriers.asterisk.settings import (
    SecretMissingError,
    Telephony,
    TelephonySettingsError,
    secret_of,
)
from dialer.carriers.asterisk.settings_file import load_telephony
from dialer.carriers.asterisk.sound_server import SoundServer
from dialer.ports import RingingIn

log = logging.getLogger(__name__)
HEARTBEAT_LIFE = 4


class Gateway:
    """Serves what nobody else serves."""

    def __init__(
        self, client: Redis, telephony: Telephony, passwords: Mapping[str, str], announce: Announce
    ) -> None:
        self._announce = announce
        self._client, self._telephony, self._passwords = client, telephony, passwords
        self.token = name_process()
        self._stopping, self._sounds = asyncio.Event(), SoundServer(client)
        self._serving: dict[str, tuple[NodeService, asyncio.Task[None]]] = {}
        self._routing: tuple[asyncio.Event, asyncio.Task[None]] | None = None
        self._leases = {
            node.name: Lease(client, keys.node_lease(node.name), self.token) for node in telephony.nodes
        }
        self._router_lease = Lease(client, keys.ROUTER_LEASE, self.token)
        self._alive = live.alive_key("carrier", NAME)

    def stop(self) -> None:
        """Let go of everything and end."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until told to stop."""
        while not self._stopping.is_set():
            try:
                await self._look()
            except AWAY as error:
                log.warning("redis is away: %s", error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RENEW_SECONDS):
                    await self._stopping.wait()
        await self._let_go()

    async def _look(self) -> None:
        for name, lease in self._leases.items():
            await self._look_at_node(name, lease)
        await self._look_at_router()
        if any(service.is_up for service, _ in self._serving.values()):
            await self._client.set(self._alive, f"{self.token}|{clock.now()!r}", ex=HEARTBEAT_LIFE)

    async def _look_at_node(self, name: str, lease: Lease) -> None:
        ours = await lease.take()
        serving = self._serving.get(name)
        if serving is not None and serving[1].done():
            for error in await asyncio.gather(serving[1], return_exceptions=True):
                if error is not None:
                    log.error("serving node %s failed and begins anew", name, exc_info=error)
            del self._serving[name]
            serving = None
        if ours and serving is None:
            service = NodeService(
                self._client,
                self._telephony,
                self._telephony.node(name),
                password=self._passwords[name],
                token=self.token,
                announce=self._announce,
                sounds=self._sounds,
            )
            self._serving[name] = (service, asyncio.create_task(service.serve()))
        elif not ours and serving is not None:
            log.warning("another gateway serves node %s", name)
            serving[0].stop()

    async def _look_at_router(self) -> None:
        ours = await self._router_lease.take()
        if self._routing is not None and self._routing[1].done():
            await asyncio.gather(self._routing[1], return_exceptions=True)
            self._routing = None
        if ours and self._routing is None:
            over = asyncio.Event()
            router = Router(self._client, self._telephony, AgentBook(self._client, self._telephony))
            self._routing = (over, asyncio.create_task(self._route(over, router)))
        elif not ours and self._routing is not None:
            self._routing[0].set()

    async def _route(self, over: asyncio.Event, router: Router) -> None:
        try:
            await route_until(over, router)
        except AWAY as error:
            log.warning("redis is away: %s", error)
        except Exception:
            log.exception("routing failed")

    async def _let_go(self) -> None:
        tasks = [task for _, task in self._serving.values()]
        for service, _ in self._serving.values():
            service.stop()
        if self._routing is not None:
            self._routing[0].set()
            tasks.append(self._routing[1])
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._sounds.close()
        with contextlib.suppress(redis.RedisError):
            for lease in (*self._leases.values(), self._router_lease):
                await lease.leave()
            if str(await self._client.get(self._alive)).startswith(self.token):
                await self._client.delete(self._alive)


async def run(url: str, telephony: Telephony, passwords: Mapping[str, str]) -> None:
    """Serve until SIGTERM or SIGINT."""
    client = Redis.from_url(url, decode_responses=True)
    jobs = redis.Redis.from_url(url)  # gives bytes, as RQ wants it

    async def tell(call: RingingIn) -> None:
        await asyncio.to_thread(announce, jobs, call)

    gateway = Gateway(client, telephony, passwords, tell)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, gateway.stop)
    try:
        await gateway.run()
    finally:
        await client.aclose()
        jobs.close()


def main() -> None:
    """Run the process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        telephony = load_telephony(os.environ)
        if telephony is None:
            sys.exit("TELEPHONY_FILE is empty: there is no telephone to serve")
        passwords = {node.name: secret_of(node.ari_password_env, os.environ) for node in telephony.nodes}
    except (TelephonySettingsError, SecretMissingError) as error:
        sys.exit(str(error))
    asyncio.run(run(os.environ["REDIS_URL"], telephony, passwords))


if __name__ == "__main__":
    main()
