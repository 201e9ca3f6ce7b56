"""One gateway at a time for a node. A lease of a process that is dead on this machine is taken over at once."""

import contextlib
import os
import secrets
import socket
from collections.abc import Awaitable
from typing import cast

from redis.asyncio import Redis

LEASE_MS = 2_000
RENEW_SECONDS = 0.5

# keys: lease; args: token, milliseconds, token that may be replaced
TAKE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] and holder ~= ARGV[3] then return holder end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""
LEAVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


def name_process() -> str:
    """Name this process so that another one on the same machine can see whether it lives."""
    return f"{_machine()}|{os.getpid()}|{_birth(os.getpid())}|{secrets.token_hex(4)}"


def is_dead(holder: str) -> bool:
    """Say whether a holder ran on this machine and certainly does not any more."""
    machine, pid, birth, _ = (*holder.split("|"), "", "", "")[:4]
    if not birth or machine != _machine() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _birth(int(pid)) != birth  # the number belongs to another process now


def _machine() -> str:
    """Host and process namespace; nothing where the second is unknown: then nobody is declared dead."""
    with contextlib.suppress(OSError):
        return f"{socket.gethostname()}/{os.readlink('/proc/self/ns/pid')}"
    return f"{socket.gethostname()}/{secrets.token_hex(4)}"


def _birth(pid: int) -> str:
    with contextlib.suppress(OSError, IndexError), open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    return ""


class Lease:
    """A lease in Redis that expires by itself."""

    def __init__(self, client: Redis, key: str, token: str) -> None:
        self.key, self.token = key, token
        self._take = client.register_script(TAKE)
        self._leave = client.register_script(LEAVE)

    async def take(self) -> bool:
        """Take or renew."""
        holder = await self._try("")
        if holder != self.token and is_dead(holder):
            holder = await self._try(holder)
        return holder == self.token

    async def _try(self, replaced: str) -> str:
        return str(await self._take(keys=[self.key], args=[self.token, LEASE_MS, replaced]))

    async def leave(self) -> None:
        """Let another one take it at once."""
        await cast(Awaitable[object], self._leave(keys=[self.key], args=[self.token]))
