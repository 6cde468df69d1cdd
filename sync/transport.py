"""The only importer of requests: bytes to central and back, or a reason in one word.

What a network does to us is told apart here: nobody answered (NoNetwork), or something answered that is not central
(BadMessage): a portal's page with status 200 is never an acknowledgement.
"""

from __future__ import annotations

import time

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from sync.addresses import is_loopback
from sync.envelope import MESSAGE_BYTES_MAX
from sync.errors import BadMessage, NoNetwork
from sync.ports import Answer

CONTENT_TYPE = "application/x-1022"
CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0  # between two pieces; central answers within seconds, a slow line trickles
DEADLINE_SECONDS = 300.0  # of one exchange: 256 KB take 35 s at 64 kbit/s
CHUNK_BYTES = 64 * 1024
HEADER_BYTES_UP = 170  # what HTTP adds to a request of ours, counted for the figures shown


class HttpLink:
    """A link over HTTP(S), its connection kept open between exchanges."""

    def __init__(self, url: str, *, trust_env: bool = True) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        # Offices behind a proxy set it in the environment; a loopback central never goes through one.
        self._session.trust_env = trust_env and not is_loopback(url)
        self._session.headers.clear()
        self._session.headers.update({"Content-Type": CONTENT_TYPE})

    def post(self, data: bytes) -> Answer:
        """Send an exchange request; raises NoNetwork or BadMessage."""
        return self.send("/api/v1/exchange", data)

    def send(self, path: str, data: bytes) -> Answer:
        """Send bytes to a path of central's interface."""
        started = time.monotonic()
        try:
            with self._session.post(
                self.url + path,
                data=data,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                stream=True,
                allow_redirects=False,  # a portal redirects; central never does
            ) as response:
                body = _read(response, started)
        except requests.exceptions.SSLError as reason:
            raise NoNetwork("tls_failed") from reason
        except requests.exceptions.Timeout as reason:
            raise NoNetwork("timed_out") from reason
        # The body is read below requests, which would have made its own errors of these two.
        except ReadTimeoutError as reason:
            raise NoNetwork("timed_out") from reason
        except (requests.exceptions.RequestException, HTTPError, OSError) as reason:
            raise NoNetwork("no_network") from reason
        return Answer(
            body, len(data) + HEADER_BYTES_UP, len(body) + _header_bytes(response), time.monotonic() - started
        )

    def close(self) -> None:
        """Close the connection."""
        self._session.close()


def _read(response: requests.Response, started: float) -> bytes:
    """The body of an answer from central itself, within the deadline and the size that a message may have."""
    if response.headers.get("Content-Type") != CONTENT_TYPE:
        if response.status_code in (502, 503, 504):
            raise NoNetwork("central_busy", status=response.status_code)
        raise BadMessage("not_central", status=response.status_code)
    body = bytearray()
    while True:
        # One piece at a time: a line that gives a byte a second must not hold the job for ever.
        piece = response.raw.read1(CHUNK_BYTES)
        if not piece:
            break
        body += piece
        if len(body) > MESSAGE_BYTES_MAX:
            raise BadMessage("too_large")
        if time.monotonic() - started > DEADLINE_SECONDS:
            raise NoNetwork("timed_out")
    if response.status_code == 503:
        raise NoNetwork("central_busy", status=503)
    if response.status_code != 200:
        raise BadMessage("refused_by_central", status=response.status_code, text=body[:200].decode("utf-8", "replace"))
    return bytes(body)


def _header_bytes(response: requests.Response) -> int:
    return 17 + sum(len(name) + len(value) + 4 for name, value in response.headers.items())
