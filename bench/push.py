"""How fast does a pushed message reach a thousand browsers?  `python -m bench.push [clients] [seconds]`.

Starts its own Redis and push process; this process plays all browsers, so both share the machine.
The latency is from XADD to the bytes in the browser's socket, over every delivery.
"""

import asyncio
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import redis.asyncio

from telesales.push import signing
from telesales.push.messages import STREAM, stream_fields
from tests.push_client import KEY, PushProcess, run_push
from tests.servers import run_redis

RESULT = Path(__file__).parent / "results" / "push.json"
RATE = 5.0
PADDING = "x" * 160


class Browser:
    """One listening stream; notes how late each message is."""

    def __init__(self, latencies: list[float]) -> None:
        self.latencies = latencies

    async def open(self, port: int, number: int) -> None:
        reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        token = signing.sign(["standings:all", f"desk:{number}"], KEY)
        self.writer.write(f"GET /events?token={token} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        while b"hello" not in await reader.readline():
            pass
        self.listening = asyncio.create_task(self._listen(reader))

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            if line.startswith(b'data: {"at"'):
                self.latencies.append(time.time() - json.loads(line[6:])["at"])

    async def close(self) -> None:
        self.listening.cancel()
        self.writer.close()


async def measure(push: PushProcess, redis_url: str, clients: int, seconds: float) -> dict[str, object]:
    """Open all streams, publish at a steady rate, gather the delays."""
    latencies: list[float] = []
    browsers = [Browser(latencies) for _ in range(clients)]
    began = time.monotonic()
    for start in range(0, clients, 50):
        await asyncio.gather(
            *(
                browser.open(push.port, number)
                for number, browser in enumerate(browsers[start : start + 50], start)
            )
        )
    opened = time.monotonic() - began
    cpu_before, sent = cpu_seconds(push.process.pid), 0
    server = redis.asyncio.Redis.from_url(redis_url)
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        await server.xadd(
            STREAM, stream_fields("standings:all", "news", {"at": time.time(), "text": PADDING})
        )
        sent += 1
        await asyncio.sleep(1 / RATE)
    elapsed = time.monotonic() - began
    await asyncio.sleep(1)
    cpu = cpu_seconds(push.process.pid) - cpu_before
    await server.aclose()
    for browser in browsers:
        await browser.close()
    return summary(latencies, clients, sent, opened, cpu / elapsed, resident_mb(push.process.pid))


def summary(
    latencies: list[float], clients: int, sent: int, opened: float, cpu: float, resident: float
) -> dict[str, object]:
    """Figures with their units in the names."""
    cuts = statistics.quantiles(latencies, n=100)
    return {
        "clients": clients,
        "messages": sent,
        "messages_per_second": RATE,
        "delivered": len(latencies),
        "expected": clients * sent,
        "p50_ms": round(cuts[49] * 1000, 2),
        "p99_ms": round(cuts[98] * 1000, 2),
        "max_ms": round(max(latencies) * 1000, 2),
        "open_all_seconds": round(opened, 2),
        "push_cpu_percent_of_a_core": round(cpu * 100, 1),
        "push_resident_mb": round(resident, 1),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load_average": os.getloadavg()[0],
    }


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def main() -> None:
    """Run and write the result."""
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 8.0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4 * clients)), hard))
    with tempfile.TemporaryDirectory() as folder, run_redis(Path(folder)) as url, run_push(url) as push:
        result = asyncio.run(measure(push, url, clients, seconds))
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
