"""The only importer of requests: bytes to central and back, or a reason in one word.

What a network does to us is told apart here: nobody answered, or something answered that is not central. Either is
NoNetwork: a portal's page with status 200 is never an acknowledgement. An exchange has a deadline for all of it: the
timeouts of requests are per read, and a name that is looked up has none, so the trip is made in a thread that can be
left behind.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any
from weakref import WeakSet

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from sync.addresses import is_loopback
from sync.envelope import MESSAGE_BYTES_MAX
from sync.errors import BadMessage, IntakeError, NoNetwork
from sync.ports import CONTENT_TYPE, DEADLINE_SECONDS, Answer

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0  # between two pieces; central answers within seconds, a slow line trickles
CHUNK_BYTES = 64 * 1024
# The connect timeout also bounds the sending of one piece: a large one would not be through in time on a slow line.
PIECE_BYTES = 8 * 1024
HEADER_BYTES_UP = 170  # what HTTP adds to a request of ours, counted for the figures shown
BUSY = (429, 500, 502, 503, 504)
CERTIFICATE_TIMES = (9, 10)  # OpenSSL: not valid yet, not valid any more


class HttpLink:
    """A link over HTTP(S), its connection kept open between exchanges."""

    def __init__(self, url: str, *, trust_env: bool = True, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self.url = url.rstrip("/")
        self.deadline_seconds = deadline_seconds
        # Offices behind a proxy set it in the environment; a loopback central never goes through one.
        self._trust_env = trust_env and not is_loopback(url)
        self._open()

    def _open(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = self._trust_env
        self._session.headers.clear()
        self._session.headers.update({"Content-Type": CONTENT_TYPE})
        self._connections = _Connections()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(self._connections))

    def post(self, data: bytes) -> Answer:
        """Send an exchange request; raises NoNetwork or BadMessage."""
        return self.send("/api/v1/exchange", data)

    def start(self, data: bytes) -> HttpTrip:
        """Send an exchange request off; nothing else may be sent over this link until its answer is there."""
        return HttpTrip(self, "/api/v1/exchange", data)

    def send(self, path: str, data: bytes) -> Answer:
        """Send bytes to a path of central's interface; whatever hangs, it is over by the deadline."""
        return HttpTrip(self, path, data).answer()

    def travel(self, path: str, data: bytes) -> _Trip:
        """Set off in a thread of its own."""
        trip = _Trip(self._session, self.url + path, data, self.deadline_seconds)
        trip.start()
        return trip

    def renew(self) -> None:
        """Break off what is under way, and open another connection for what comes next."""
        self.close()
        self._open()  # the session may be in the hands of a thread that hangs

    def close(self) -> None:
        """Close the connection, from any thread; an exchange that is under way breaks off."""
        self._connections.cut()
        self._session.close()


class HttpTrip:
    """One request under way over a link."""

    def __init__(self, link: HttpLink, path: str, data: bytes) -> None:
        self._link = link
        self._trip = link.travel(path, data)

    def answer(self) -> Answer:
        """Wait for the answer until the deadline; raises NoNetwork or BadMessage."""
        if not self._trip.over.wait(self._link.deadline_seconds):
            self._link.renew()
            raise NoNetwork("timed_out")
        if isinstance(self._trip.outcome, Answer):
            return self._trip.outcome
        raise self._trip.outcome

    def drop(self) -> None:
        """Break it off: nobody waits for the answer any more."""
        if not self._trip.over.is_set():
            self._link.renew()


class _Connections:
    """Every connection that a session has made, to be cut from another thread; `pools` is what the session is to use."""

    def __init__(self) -> None:
        self._made: WeakSet[Any] = WeakSet()
        self.pools = {"http": self._tracked(HTTPConnectionPool), "https": self._tracked(HTTPSConnectionPool)}

    def cut(self) -> None:
        """Break every connection off, whoever waits on it."""
        for connection in list(self._made):
            # Taken once: the thread that waits on it may let go of it at any moment.
            if (line := connection.sock) is not None:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def _tracked(self, kind: Any) -> Any:
        made = self._made

        class Connection(kind.ConnectionCls):  # type: ignore[misc]
            def connect(self) -> None:
                made.add(self)  # before: a handshake can hang too
                super().connect()

        return type(kind.__name__, (kind,), {"ConnectionCls": Connection})


class _Adapter(HTTPAdapter):
    """Makes connections that can be cut."""

    def __init__(self, connections: _Connections) -> None:
        self._connections = connections
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._connections.pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._connections.pools
        return manager


class _Trip(threading.Thread):
    """One request and its answer, in a thread that nobody has to wait for."""

    def __init__(self, session: requests.Session, url: str, data: bytes, deadline_seconds: float) -> None:
        super().__init__(name="exchange", daemon=True)
        self.over = threading.Event()
        self.outcome: Answer | BaseException = NoNetwork("timed_out")
        self._session, self._url, self._data = session, url, data
        self._seconds = deadline_seconds

    def run(self) -> None:
        try:
            self.outcome = _travel(self._session, self._url, self._data, self._seconds)
        except BaseException as reason:  # it is raised again where the answer is waited for
            self.outcome = reason
        self.over.set()


class _Upload(io.BytesIO):
    """The body on its way up, in pieces small enough for the slowest line, until the deadline."""

    def __init__(self, data: bytes, ends: float) -> None:
        super().__init__(data)
        self._ends = ends
        self._length = len(data)

    def __len__(self) -> int:
        return self._length

    def read(self, size: int | None = -1) -> bytes:
        if time.monotonic() > self._ends:
            raise TimeoutError
        return super().read(PIECE_BYTES if size is None or size < 0 else min(size, PIECE_BYTES))


def _travel(session: requests.Session, url: str, data: bytes, seconds: float) -> Answer:
    started = time.monotonic()
    try:
        with session.post(
            url,
            data=_Upload(data, started + seconds),
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            stream=True,
            allow_redirects=False,  # a portal redirects; central never does
        ) as response:
            body = _read(response, started + seconds)
    except IntakeError:
        raise
    except (requests.exceptions.RequestException, HTTPError, OSError) as reason:
        raise _told_apart(reason) from reason
    return Answer(body, len(data) + HEADER_BYTES_UP, len(body) + _header_bytes(response), time.monotonic() - started)


def _told_apart(reason: BaseException) -> NoNetwork:
    """What stopped a trip. `unreached`: nothing was sent, which says nothing about how much the line can carry."""
    causes = list(_causes(reason))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code in CERTIFICATE_TIMES:
            return NoNetwork("certificate_time", unreached=True)
    if isinstance(reason, requests.exceptions.SSLError) or any(isinstance(cause, ssl.SSLError) for cause in causes):
        return NoNetwork("tls_failed", unreached=True)
    if any(isinstance(cause, (NewConnectionError, ConnectTimeoutError)) for cause in causes):
        return NoNetwork("no_network", unreached=True)
    # The body is read below requests, which would have made its own error of a read that took too long.
    late = (requests.exceptions.Timeout, ReadTimeoutError, TimeoutError)
    return NoNetwork("timed_out" if isinstance(reason, late) else "no_network")


def _causes(reason: BaseException) -> Iterator[BaseException]:
    """An error and everything that led to it."""
    at: BaseException | None = reason
    while at is not None:
        yield at
        at = at.__cause__ or at.__context__


def _read(response: requests.Response, ends: float) -> bytes:
    """The body of an answer from central itself, within the deadline and the size that a message may have."""
    ours = response.headers.get("Content-Type") == CONTENT_TYPE
    if response.status_code in BUSY and (ours or response.status_code not in (429, 500)):
        raise NoNetwork("central_busy", status=response.status_code, retry_after_seconds=_retry_after(response))
    if not ours:
        raise NoNetwork("not_central", status=response.status_code, unreached=True)
    body = bytearray()
    while True:
        # One piece at a time: a line that gives a byte a second must not hold the job for ever.
        piece = response.raw.read1(CHUNK_BYTES)
        if not piece:
            break
        body += piece
        if len(body) > MESSAGE_BYTES_MAX:
            raise BadMessage("too_large")
        if time.monotonic() > ends:
            raise NoNetwork("timed_out")
    if response.status_code != 200:
        if body == b"unknown_node":
            raise BadMessage("unknown_node")
        raise BadMessage("refused_by_central", status=response.status_code, text=body[:200].decode("utf-8", "replace"))
    return bytes(body)


def _retry_after(response: requests.Response) -> float | None:
    """The pause that an answer asks for, in seconds; a date counts from the answer's own, for clocks are wrong."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        pause = parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers["Date"])
        return max(0.0, pause.total_seconds())
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _header_bytes(response: requests.Response) -> int:
    return 17 + sum(len(name) + len(value) + 4 for name, value in response.headers.items())
