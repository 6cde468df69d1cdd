"""The way to the centre: whatever stands at the other end, an exchange is over by its deadline and says why in one word."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
import requests

from sync import transport
from sync.errors import BadMessage, IntakeError, NoNetwork
from sync.ports import CONTENT_TYPE
from sync.transport import HttpLink

OURS = f"Content-Type: {CONTENT_TYPE}\r\n".encode()


@contextmanager
def answering(words: bytes, ends: bool = True) -> Iterator[str]:
    """A server that says these bytes to whoever asks, then hangs up or keeps the line open for ever."""
    over = threading.Event()

    def serve() -> None:
        with closing(listener.accept()[0]) as line:
            line.recv(65536)
            line.sendall(words)
            if not ends:
                over.wait(30)

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()


def what_comes_of(words: bytes, ends: bool = True, deadline_seconds: float = 30.0) -> IntakeError:
    with answering(words, ends) as url, closing(HttpLink(url, deadline_seconds=deadline_seconds)) as link:
        with pytest.raises(IntakeError) as caught:
            link.post(b"asked")
        return caught.value


def answer(status: str, head: bytes = b"", body: bytes = b"<html>") -> bytes:
    return f"HTTP/1.1 {status}\r\n".encode() + head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "words",
    [
        answer("200 OK", b"Content-Type: text/html\r\n"),
        answer("302 Found", b"Location: http://127.0.0.1:9/login\r\n"),
        answer("511 Network Authentication Required", b"Content-Type: text/html\r\n"),
        answer("200 OK", b"", b""),
    ],
)
def test_portal_is_no_network(words: bytes) -> None:
    found = what_comes_of(words)
    assert isinstance(found, NoNetwork) and (found.code, found.params["unreached"]) == ("not_central", True)


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n" + OURS + b"Content-Length: 99\r\n\r\nhalf"]
)
def test_line_that_goes_silent_anywhere_is_over_by_the_deadline(said: bytes) -> None:
    found = what_comes_of(said, ends=False, deadline_seconds=0.1)
    assert isinstance(found, NoNetwork) and found.code == "timed_out"


def test_name_whose_lookup_hangs_is_over_by_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: goes_on.wait(30))
    link = HttpLink("https://trung-tam.example", trust_env=False, deadline_seconds=0.1)
    with closing(link), pytest.raises(NoNetwork, match="timed_out"):
        link.post(b"asked")
    goes_on.set()


def test_link_works_again_after_an_exchange_that_hung() -> None:
    with answering(b"", ends=False) as silent, closing(HttpLink(silent, deadline_seconds=0.1)) as link:
        with pytest.raises(NoNetwork):
            link.post(b"asked")
        with answering(answer("200 OK", OURS, b"said")) as good:
            link.url, link.deadline_seconds = good, 30.0
            assert link.post(b"asked").data == b"said"


def test_address_where_nobody_listens_was_not_reached() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with closing(HttpLink(f"http://127.0.0.1:{port}")) as link, pytest.raises(NoNetwork) as caught:
        link.post(b"asked")
    assert (caught.value.code, caught.value.params) == ("no_network", {"unreached": True})


DATE = b"Date: Sun, 05 Dec 2021 08:00:00 GMT\r\n"


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        (b"Retry-After: 120\r\n", 120.0),
        (DATE + b"Retry-After: Sun, 05 Dec 2021 08:02:00 GMT\r\n", 120.0),
        (DATE + b"Retry-After: Sun, 05 Dec 2021 07:00:00 GMT\r\n", 0.0),
        (b"Retry-After: Sun, 05 Dec 2021 08:02:00 GMT\r\n", None),
        (b"Retry-After: soon\r\n", None),
        (b"Retry-After: -5\r\n", None),
        (b"", None),
    ],
)
def test_pause_that_is_asked_for_is_read_in_either_form(head: bytes, seconds: float | None) -> None:
    found = what_comes_of(answer("503 Service Unavailable", OURS + head, b"busy"))
    assert (found.code, found.params["retry_after_seconds"]) == ("central_busy", seconds)


def test_refusal_of_the_centre_is_no_network_trouble() -> None:
    found = what_comes_of(answer("400 Bad Request", OURS, b"bad_signature"))
    assert isinstance(found, BadMessage) and found.code == "refused_by_central"


def test_answer_larger_than_any_message_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MESSAGE_BYTES_MAX", 100)
    assert what_comes_of(answer("200 OK", OURS, b"x" * 101)).code == "too_large"


def _raising(reason: Exception) -> Callable[..., None]:
    def post(*args: object, **kwargs: object) -> None:
        raise requests.exceptions.SSLError("no") from reason

    return post


@pytest.mark.parametrize(
    ("verify_code", "code"), [(9, "certificate_time"), (10, "certificate_time"), (18, "tls_failed"), (62, "tls_failed")]
)
def test_certificate_that_is_not_valid_at_this_date_says_so(
    monkeypatch: pytest.MonkeyPatch, verify_code: int, code: str
) -> None:
    reason = ssl.SSLCertVerificationError("certificate")
    reason.verify_code = verify_code
    monkeypatch.setattr(requests.Session, "post", _raising(reason))
    with closing(HttpLink("https://trung-tam.example")) as link, pytest.raises(NoNetwork, match=code):
        link.post(b"asked")


def test_large_body_is_sent_in_pieces_and_arrives_whole() -> None:
    body, got = bytes(range(256)) * 2000, bytearray()

    def serve() -> None:
        with closing(listener.accept()[0]) as line:
            while len(got) < len(body) or b"\r\n\r\n" not in got:
                got.extend(line.recv(65536))
            while len(got) - got.index(b"\r\n\r\n") - 4 < len(body):
                got.extend(line.recv(65536))
            line.sendall(answer("200 OK", OURS, b"said"))

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=serve, daemon=True).start()
        with closing(HttpLink(f"http://127.0.0.1:{listener.getsockname()[1]}")) as link:
            assert link.post(body).data == b"said"
    head, _, arrived = bytes(got).partition(b"\r\n\r\n")
    assert arrived == body and b"Content-Length: 512000" in head
