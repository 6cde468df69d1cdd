"""The two doors that nodes knock on: enrol, and exchange."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from flask import Blueprint, Response, current_app, request

from intake_app.actions.enroll import welcome
from intake_app.actions.receive import exchange
from sync.envelope import MESSAGE_BYTES_MAX
from sync.errors import BadMessage
from sync.transport import CONTENT_TYPE

AT_ONCE_MAX = 6  # of the server's threads: some stay free for people
RETRY_SECONDS = "5"
blueprint = Blueprint("exchange", __name__, url_prefix="/api/v1")
_room = threading.BoundedSemaphore(AT_ONCE_MAX)
log = logging.getLogger(__name__)


def _answer(body: bytes, status: int = 200, **headers: str) -> Response:
    answer = Response(body, status, content_type=CONTENT_TYPE)
    answer.headers.extend(headers)
    return answer


@blueprint.post("/exchange")
def exchange_once() -> Response:
    """One exchange: a signed request in, a signed reply out."""
    # Room is asked for before the body is read: a rush is turned away at the price of a header.
    if not _room.acquire(blocking=False):
        return _answer(b"busy", 503, **{"Retry-After": RETRY_SECONDS})
    after: list[Callable[[], object]] = []
    try:
        answer = _answer(exchange(current_app.extensions["node"], _body(), later=after.append))
        for act in after:
            answer.call_on_close(_guarded(act))
        return answer
    except BadMessage as reason:
        log.warning("exchange refused: %s", reason.code)
        return _answer(reason.code.encode(), 400)
    finally:
        _room.release()


def _guarded(act: Callable[[], object]) -> Callable[[], None]:
    """What is done once the reply has gone; if it fails, the job that drains the inbox does it again."""

    def run() -> None:
        try:
            act()
        except Exception:
            log.exception("judging after the reply failed")

    return run


@blueprint.post("/enroll")
def enroll_once() -> Response:
    """Bind a node by its one-time code."""
    try:
        return _answer(welcome(current_app.extensions["node"], _body()))
    except BadMessage as reason:
        return _answer(reason.code.encode(), 400)


def _body() -> bytes:
    length = request.content_length
    if length is None or length > MESSAGE_BYTES_MAX:
        raise BadMessage("too_large")
    return request.get_data(cache=False)
