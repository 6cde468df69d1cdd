"""A counting and shaping relay between two ports of this machine, in a process of its own: every peer is measured through it.

    python relay.py LISTEN TARGET [--round-trip-ms N] [--kbit N]

Lines on stdin (`take`, `shape ROUND_TRIP_MS KBIT`) are answered with the counts since the last `take`. It counts the bytes of the
connections in both directions (no TLS, no heads of TCP/IP), the connections, and the HTTP requests by their first lines.
A shaped line is one line for all connections, with a rate and half a round trip of delay each way; opening costs a round trip.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field

REQUEST_LINE = re.compile(rb"(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) [^ \r\n]+ HTTP/1\.[01]\r\n")
PIECE_BYTES = 1460
UNSHAPED_PIECE_BYTES = 262_144
LINE_BYTES_MAX = 2048  # a request line that came in two pieces is kept until its end comes


@dataclass
class Shape:
    """The line as it is now, and until when each direction is taken."""

    round_trip_seconds: float = 0.0
    kbit: float = 0.0
    free_at: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})


COUNTS = {"up": 0, "down": 0, "requests": 0, "connections": 0}
SHAPE = Shape()


def _count_requests(rest: bytes, data: bytes) -> bytes:
    """Count the request lines in what came; returns what may be the beginning of one."""
    joined, last = rest + data, 0
    for found in REQUEST_LINE.finditer(joined):
        COUNTS["requests"] += 1
        last = found.end()
    left = joined[last:]
    return left[left.rfind(b"\n") + 1 :][-LINE_BYTES_MAX:]


async def _deliver(queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    """Hand on each piece when it would have arrived; an empty one is the end."""
    loop = asyncio.get_running_loop()
    while True:
        at, data = await queue.get()
        if not data:
            break
        await asyncio.sleep(max(0.0, at - loop.time()))
        writer.write(data)
        await writer.drain()
    _end(writer)


def _end(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, RuntimeError):
        writer.write_eof()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str, opened_at: float) -> None:
    """One direction of one connection."""
    shaped, rest = bool(opened_at), b""
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    delivering = asyncio.create_task(_deliver(queue, writer)) if shaped else None
    with suppress(ConnectionError):
        while data := await reader.read(PIECE_BYTES if shaped else UNSHAPED_PIECE_BYTES):
            COUNTS[way] += len(data)
            if way == "up":
                rest = _count_requests(rest, data)
            if shaped:
                await _queue(queue, data, way, opened_at)
            else:
                writer.write(data)
                await writer.drain()
    if delivering is None:
        _end(writer)
        return
    queue.put_nowait((0.0, b""))
    with suppress(ConnectionError):
        await delivering


async def _queue(queue: asyncio.Queue[tuple[float, bytes]], data: bytes, way: str, opened_at: float) -> None:
    """Give the line a piece; returns when it is about to be free again, as the buffers of a real one would."""
    now = asyncio.get_running_loop().time
    start = max(now(), SHAPE.free_at[way], opened_at)
    end = start + (len(data) * 8 / (SHAPE.kbit * 1000) if SHAPE.kbit else 0.0)
    SHAPE.free_at[way] = end
    queue.put_nowait((end + SHAPE.round_trip_seconds / 2, data))
    await asyncio.sleep(max(0.0, end - now() - 0.1))


async def _connect(near: asyncio.StreamReader, back: asyncio.StreamWriter, target: int) -> None:
    COUNTS["connections"] += 1
    shaped = bool(SHAPE.round_trip_seconds or SHAPE.kbit)
    opened_at = asyncio.get_running_loop().time() + SHAPE.round_trip_seconds if shaped else 0.0
    try:
        far, forth = await asyncio.open_connection("127.0.0.1", target)
    except OSError:
        back.close()
        return
    for writer in (back, forth):
        writer.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        await asyncio.gather(_carry(near, forth, "up", opened_at), _carry(far, back, "down", opened_at))
    finally:
        back.close()
        forth.close()


async def _relay(listen: int, target: int) -> None:
    kept: set[asyncio.Task[None]] = set()  # or the collector may end a connection that nobody else holds

    async def accepted(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_connect(near, back, target))
        kept.add(task)
        task.add_done_callback(kept.discard)

    await asyncio.start_server(accepted, "127.0.0.1", listen, limit=1 << 18)
    print(json.dumps({"ready": True}), flush=True)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := (await orders.readline()).decode().split():
        print(json.dumps(COUNTS), flush=True)
        if line[0] == "shape":
            SHAPE.round_trip_seconds, SHAPE.kbit = float(line[1]) / 1000, float(line[2])
        COUNTS.update(up=0, down=0, requests=0, connections=0)


def main() -> None:
    """Relay until the standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("listen", type=int)
    parser.add_argument("target", type=int)
    parser.add_argument("--round-trip-ms", type=float, default=0)
    parser.add_argument("--kbit", type=float, default=0)
    asked = parser.parse_args()
    SHAPE.round_trip_seconds, SHAPE.kbit = asked.round_trip_ms / 1000, asked.kbit
    asyncio.run(_relay(asked.listen, asked.target))


if __name__ == "__main__":
    main()
