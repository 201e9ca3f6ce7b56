"""A cable between gateway and node that tests can cut."""

import asyncio


class Wire(asyncio.Protocol):
    """One direction of a connection that passes through the cable."""

    def __init__(self, cable, other=None):
        self._cable, self.other, self._early = cable, other, []

    def connection_made(self, transport):
        self.transport = transport
        self._cable.transports.append(transport)
        if self.other is None:
            self._task = asyncio.ensure_future(self._reach())
        else:
            self.other.other = self
            for data in self.other._early:
                transport.write(data)

    async def _reach(self):
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: Wire(self._cable, self), "127.0.0.1", self._cable.target)

    def data_received(self, data):
        if self.other is None:
            self._early.append(data)
        else:
            self.other.transport.write(data)

    def connection_lost(self, _):
        if self.other is not None:
            self.other.transport.close()


class CutCable:
    """Stands between gateway and node, until it is cut."""

    def __init__(self, target):
        self.target, self.transports = target, []

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Wire(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        self.cut()

    def cut(self):
        for transport in self.transports:
            transport.abort()
        self.transports.clear()
