"""The network of the demo: small TCP proxies on this computer, each of which can be cut and restored.

All run in one thread with an event loop of its own; `cut` and `restore` may be called from any thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterable

HOST = "127.0.0.1"
CHUNK_BYTES = 65_536
START_SECONDS = 5


class Link:
    """The line between one office and the centre."""

    def __init__(self, name: str, port: int, target_port: int) -> None:
        self.name = name
        self.port = port
        self.target_port = target_port
        self.ends: set[asyncio.WriteTransport] = set()
        self.server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where the office finds its centre."""
        return f"http://{HOST}:{self.port}"

    @property
    def is_cut(self) -> bool:
        """Whether nothing gets through."""
        return self.server is None

    async def open(self) -> None:
        """Starts to listen; nothing happens if it does already."""
        if self.server is None:
            self.server = await asyncio.start_server(self._carry, HOST, self.port)

    async def close(self) -> None:
        """Refuses new connections and breaks those that are open, in the middle of a message if need be."""
        if self.server is not None:
            self.server.close()
            self.server = None
        for end in list(self.ends):
            end.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer.transport}
        self.ends |= ends
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, self.target_port)
            ends.add(far_writer.transport)
            self.ends.add(far_writer.transport)
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        except OSError:
            pass  # One side went away or the centre does not run: to the office that is just no network.
        finally:
            for end in ends:
                end.abort()
            self.ends -= ends

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(CHUNK_BYTES):
                target.write(data)
                await target.drain()
            # The other direction may still be busy with an answer; only this half has ended.
            if target.can_write_eof():
                target.write_eof()
        except OSError:
            # One side broke off: so does the other, and the pump in the other direction ends with it.
            target.transport.abort()


class Network:
    """All links of the demo."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.links = {link.name: link for link in links}
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="links", daemon=True)

    def start(self) -> None:
        """Opens every link; raises OSError when a port is taken."""
        self.thread.start()
        for link in self.links.values():
            self._do(link.open())

    def cut(self, name: str) -> None:
        """Takes the network of one office away, also under the messages that are on their way."""
        self._do(self.links[name].close())

    def restore(self, name: str) -> None:
        """Gives the network back; raises OSError when some other program has taken the port meanwhile."""
        self._do(self.links[name].open())

    def stop(self) -> None:
        """Closes everything."""
        if self.thread.is_alive():
            self._do(self._end())
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(START_SECONDS)
        if not self.loop.is_running():
            self.loop.close()

    async def _end(self) -> None:
        for link in self.links.values():
            await link.close()
        # What was being carried ends by itself now that both its ends are gone.
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task is not asyncio.current_task()))

    def _do(self, work: Coroutine[object, object, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(START_SECONDS)
