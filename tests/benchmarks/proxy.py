"""A line between a node and its centre that counts, is slow, and breaks in the ways lines break.

It understands just enough HTTP to know where a message ends, so that a fault can be placed at a byte of a reply or after the
centre has stored what came. All connections share one line: its rate and its delay.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace

PIECE_BYTES = 1460  # one packet's worth, so that a slow line trickles as a real one does
HEAD_BYTES_MAX = 64 * 1024
QUIET_SECONDS = 600.0
PORTAL = b"<!doctype html><title>Wi-Fi</title><h1>Xin m\xe1\xbb\x9di \xc4\x91\xc4\x83ng nh\xe1\xba\xadp</h1>"


@dataclass(frozen=True)
class Counts:
    """What crossed: HTTP bytes both ways (no TLS, no TCP/IP headers), requests, connections."""

    up: int = 0
    down: int = 0
    requests: int = 0
    connections: int = 0


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one exchange: which bytes of the request reach the centre, and what comes back.

    `answer` is given the centre's reply (nothing where the request did not reach it whole) and yields what the node gets;
    the connection is closed after it, where it `ends` the connection.
    """

    request: Callable[[bytes], bytes] = lambda request: request
    answer: Callable[[bytes], Iterable[bytes]] = lambda reply: [reply]
    ends: bool = True


def _html(status: str, body: bytes, extra: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{extra}Content-Length: {len(body)}\r\n\r\n".encode() + body


def portal(status: str = "200 OK") -> Fault:
    """A captive portal: a page of its own for whatever is asked; the centre hears nothing."""
    return Fault(lambda request: b"", lambda reply: [_html(status, PORTAL)])


def redirect() -> Fault:
    """A portal that sends everyone elsewhere."""
    return Fault(lambda request: b"", lambda reply: [_html("302 Found", b"", "Location: http://127.0.0.1:9/login\r\n")])


def busy(seconds: int) -> Fault:
    """The centre, or something before it, is busy and names a pause."""
    return Fault(lambda request: b"", lambda reply: [_html("503 Busy", b"busy", f"Retry-After: {seconds}\r\n")])


def repeated_request() -> Fault:
    """What was asked arrives twice, one after the other; the second answer comes back."""
    return Fault(lambda request: request + request)


def trickled_reply(bytes_: int, pause_seconds: float) -> Fault:
    """The reply comes a byte at a time, and ends before it is whole."""

    def answer(reply: bytes) -> Iterator[bytes]:
        for at in range(min(bytes_, len(reply) // 2)):
            time.sleep(pause_seconds)
            yield reply[at : at + 1]

    return Fault(answer=answer)


def half_open(heard: bool, seconds: float) -> Fault:
    """One side has gone and nobody says so: silence, before or after the centre was asked."""

    def answer(reply: bytes) -> list[bytes]:
        time.sleep(seconds)
        return []

    return Fault((lambda request: request) if heard else (lambda request: b""), answer)


def lost_request() -> Fault:
    """The line drops before anything arrives."""
    return Fault(lambda request: b"", lambda reply: [])


def cut_request(after: int) -> Fault:
    """The line drops while the request is on its way."""
    return Fault(lambda request: request[:after], lambda reply: [])


def flipped_request() -> Fault:
    """One bit of the request's signature arrives turned round."""
    return Fault(_flip_last)


def lost_reply() -> Fault:
    """The centre has stored everything, and nothing comes back."""
    return Fault(answer=lambda reply: [])


def cut_reply(keep: float) -> Fault:
    """Only this share of the reply's bytes comes back."""
    return Fault(answer=lambda reply: [reply[: int(len(reply) * keep)]])


def truncated_reply() -> Fault:
    """A proxy passes on half a reply as if it were whole."""

    def answer(reply: bytes) -> list[bytes]:
        head, _, body = reply.partition(b"\r\n\r\n")
        half = body[: len(body) // 2]
        return [_with_length(head, len(half)) + b"\r\n\r\n" + half]

    return Fault(answer=answer)


def flipped_reply() -> Fault:
    """One bit of the reply's signature comes back turned round."""
    return Fault(answer=lambda reply: [_flip_last(reply)])


def repeated_reply(old: bytes) -> Fault:
    """A proxy serves a reply of an earlier time."""
    return Fault(lambda request: b"", lambda reply: [old])


def stalled_reply(keep: int, seconds: float) -> Fault:
    """The reply stops in the middle for some time and then goes on."""

    def answer(reply: bytes) -> Iterator[bytes]:
        yield reply[:keep]
        time.sleep(seconds)
        yield reply[keep:]

    return Fault(answer=answer, ends=False)


def _flip_last(message: bytes) -> bytes:
    return message[:-1] + bytes([message[-1] ^ 1])


def _with_length(head: bytes, length: int) -> bytes:
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % length])


class Line:
    """The shared line of a proxy in one direction."""

    def __init__(self, kbit: float, delay_seconds: float) -> None:
        self.bytes_per_second = kbit * 125
        self.delay_seconds = delay_seconds
        self._free_at = 0.0
        self._turn = threading.Lock()

    def carry(self, data: bytes, to: socket.socket) -> None:
        """Hand bytes on when they would have arrived."""
        if not self.bytes_per_second and not self.delay_seconds:
            to.sendall(data)
            return
        starts = self._reserve(len(data))
        for at in range(0, len(data), PIECE_BYTES):
            piece = data[at : at + PIECE_BYTES]
            arrival = starts + self._seconds(at + len(piece)) + self.delay_seconds
            time.sleep(max(0.0, arrival - time.monotonic()))
            to.sendall(piece)

    def _reserve(self, length: int) -> float:
        """When the line begins to carry these bytes: after all that it was given before."""
        with self._turn:
            starts = max(self._free_at, time.monotonic())
            self._free_at = starts + self._seconds(length)
            return starts

    def _seconds(self, length: int) -> float:
        return length / self.bytes_per_second if self.bytes_per_second else 0.0


class Proxy:
    """Listens on a port of its own and hands everything on to the target; a context manager."""

    def __init__(self, target_port: int, *, kbit: float = 0, round_trip_seconds: float = 0) -> None:
        self.target_port = target_port
        self.counts = Counts()
        self.fault: Fault | None = None
        self.choose: Callable[[], Fault | None] = lambda: self.fault  # asked anew for each exchange
        self.last_reply = b""
        self.reached = 0  # requests that the target was given whole
        self._delay = round_trip_seconds / 2
        self._lines = (Line(kbit, self._delay), Line(kbit, self._delay))
        self._counting = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *reason: object) -> None:
        # A listener that is only closed lets a thread wait in accept for ever.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def take_counts(self) -> Counts:
        """What crossed since the last time this was asked."""
        with self._counting:
            counts, self.counts = self.counts, Counts()
        return counts

    def _count(self, **more: int) -> None:
        with self._counting:
            self.counts = replace(self.counts, **{name: getattr(self.counts, name) + by for name, by in more.items()})

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        """One connection, message by message, until either side has gone or a fault has ended it."""
        self._count(connections=1)
        time.sleep(2 * self._delay)  # the three-way handshake of a new connection
        with closing(near), suppress(OSError), closing(self._reach()) as far:
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                one.settimeout(QUIET_SECONDS)
            while _asks(near, far) and (request := read_message(near)):
                self._count(up=len(request), requests=1)
                fault = self.choose()
                if not self._exchange(near, far, request, fault or Fault()) or (fault is not None and fault.ends):
                    return

    def _reach(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.target_port), 10)

    def _exchange(self, near: socket.socket, far: socket.socket, request: bytes, fault: Fault) -> bool:
        asked = fault.request(request)
        up, down = self._lines
        if asked:
            up.carry(asked, far)
        reply = b""
        for _ in range(len(asked) // len(request)):
            self.reached += 1
            reply = read_message(far)
            if self.fault is None:
                self.last_reply = reply
        for piece in fault.answer(reply):
            self._count(down=len(piece))
            down.carry(piece, near)
        return bool(reply)


def _asks(near: socket.socket, far: socket.socket) -> bool:
    """Wait for the next request; False where the target has hung up, which a client must get to see."""
    readable, _, _ = select.select([near, far], [], [], QUIET_SECONDS)
    return near in readable and far not in readable


def read_message(source: socket.socket) -> bytes:
    """One HTTP message with a Content-Length, head and body; nothing where the other side has gone."""
    data = bytearray()
    while (end := data.find(b"\r\n\r\n")) < 0:
        piece = source.recv(65536)
        if not piece or len(data) > HEAD_BYTES_MAX:
            return b""
        data += piece
    length = _length_of(bytes(data[:end]))
    while len(data) < end + 4 + length:
        piece = source.recv(262144)
        if not piece:
            return b""
        data += piece
    return bytes(data)


def _length_of(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
