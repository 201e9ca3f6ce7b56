"""A browser that loses its network: the process through which all of its packets go is stopped, and goes on later.

`set_offline` of a browser reaches neither sockets that are open nor sound. Here nothing comes out and nothing goes in, nobody says
goodbye, and the page goes on and may notice.
"""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser

NETWORK = b"network.mojom.NetworkService"


@asynccontextmanager
async def no_network(browser: Browser) -> AsyncIterator[None]:
    """Cut a browser off inside the block."""
    process = await _network_process(browser)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


async def _network_process(browser: Browser) -> int:
    session = await browser.new_browser_cdp_session()
    found = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    processes = [int(process["id"]) for process in found["processInfo"]]
    (network,) = [one for one in processes if NETWORK in Path(f"/proc/{one}/cmdline").read_bytes()]
    return network
