"""The push process: `python -m telesales.push.server`. Server-sent events for every open page."""

import asyncio
import contextlib
import logging
import random
import resource
import signal
import socket
from urllib.parse import urlsplit

import redis.asyncio
from aiohttp import web
from redis.exceptions import RedisError

from dialer.live import alive_key
from telesales.config import Settings, secret_key_of, settings_from
from telesales.push.feed import READ_BLOCK_MS, Feed
from telesales.push.hub import Hub, Listener
from telesales.push.messages import parse_id
from telesales.push.signing import TokenRefusedError, topics_of

log = logging.getLogger(__name__)
STREAM_LIFE_S = 900  # then the browser asks for a fresh token, and whether it still may is checked again
DEFAULT_REDIS_URL = "redis://127.0.0.1:6379/0"
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}


class PushServer:
    """Routes and background work of the process."""

    def __init__(self, settings: Settings) -> None:
        self.key = secret_key_of(settings)
        self.allowed_origin = settings.public_url.rstrip("/")
        self.hub = Hub()
        self.redis = redis.asyncio.Redis.from_url(
            settings.redis_url or DEFAULT_REDIS_URL,
            decode_responses=True,
            socket_timeout=READ_BLOCK_MS / 1000 + 5,
            socket_connect_timeout=2,
        )
        self.feed = Feed(
            self.redis, self.hub, alive_key("push", f"{socket.gethostname()}:{settings.push_port_used}")
        )

    def application(self) -> web.Application:
        """Put the routes together."""
        app = web.Application()
        app.router.add_get("/events", self.stream_events)
        app.router.add_get("/healthz", self.show_health)
        app.cleanup_ctx.append(self._work)
        return app

    async def _work(self, _app: web.Application):  # type: ignore[no-untyped-def]
        loops = (self.feed.read_for_ever(), self.feed.pulse_for_ever(), self.feed.beat_for_ever())
        tasks = [asyncio.create_task(loop) for loop in loops]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.redis.aclose()

    async def show_health(self, _request: web.Request) -> web.Response:
        """Say whether Redis feeds the streams."""
        ready = self.hub.is_fed
        return web.json_response(
            {"ready": ready, "listeners": len(self.hub.listeners)}, status=200 if ready else 503
        )

    async def stream_events(self, request: web.Request) -> web.StreamResponse:
        """Keep one browser informed until it leaves or its time is over."""
        headers = HEADERS | self._cross_origin(request)
        try:
            topics = topics_of(request.query.get("token", ""), self.key)
        except TokenRefusedError:
            return web.json_response(
                {"error": "token-refused"}, status=403, headers=self._cross_origin(request)
            )
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await self._keep_informed(request, frozenset(topics))
        return response

    async def _keep_informed(self, request: web.Request, topics: frozenset[str]) -> None:
        transport = request.transport
        if not isinstance(transport, asyncio.Transport):
            return  # it left while we greeted it
        listener = Listener(topics, transport, chunked=request.version >= (1, 1))
        last = request.headers.get("Last-Event-ID") or request.query.get("last", "")
        self.hub.join(listener, parse_id(last))
        try:
            with contextlib.suppress(RedisError):
                await self.feed.note_presence(listener.desks)
            await asyncio.sleep(STREAM_LIFE_S * random.uniform(0.8, 1.0))
        finally:
            self.hub.leave(listener)

    def _cross_origin(self, request: web.Request) -> dict[str, str]:
        origin = request.headers.get("Origin", "")
        same_host = bool(origin) and urlsplit(origin).hostname == urlsplit(f"//{request.host}").hostname
        if not (same_host or (origin and origin == self.allowed_origin)):
            return {}
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


async def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    runner = web.AppRunner(
        PushServer(settings).application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
    )
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.push_port_used, backlog=1024).start()
    log.info("push listens on %s:%s", settings.host, settings.push_port_used)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()


def allow_many_connections() -> None:
    """One open file per browser: take what the system grants."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    """Read the environment and serve."""
    settings = settings_from()
    allow_many_connections()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(serve(settings))


if __name__ == "__main__":
    main()
