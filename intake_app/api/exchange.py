"""The two doors that nodes knock on: enrol, and exchange."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, current_app, request

from intake_app.actions.enroll import welcome
from intake_app.actions.note_broken_promise import note_broken_promise
from intake_app.actions.receive import Hold, exchange
from intake_app.burst import Burst
from intake_app.node import Node
from sync.envelope import MESSAGE_BYTES_MAX
from sync.errors import BadMessage
from sync.ports import CONTENT_TYPE

# Of those who are inside. SQLite has one writer, and whoever works beside it takes the interpreter from it at every row: with
# four at work a push of 50 took four times as long, and no more got through. A server does the waiting itself.
AT_WORK_MAX = {"sqlite": 1, "postgresql": 4}
blueprint = Blueprint("exchange", __name__, url_prefix="/api/v1")
_places = {database: threading.BoundedSemaphore(most) for database, most in AT_WORK_MAX.items()}
log = logging.getLogger(__name__)


def _answer(body: bytes, status: int = 200) -> Response:
    return Response(body, status, content_type=CONTENT_TYPE)


@blueprint.post("/exchange")
def exchange_once() -> Response:
    """One exchange: a signed request in, a signed reply out."""
    after: list[Callable[[], object]] = []
    burst: Burst | None = current_app.extensions.get("burst")
    place = _place()
    later, hold = (lambda act, more: after.append(act)), None
    if burst is not None:
        later, hold = burst.later, partial(_waiting_outside, place, burst.hold)
    try:
        asked = _body()  # a slow line takes its time: it must not hold a place at work meanwhile
        with place:
            answer = _answer(exchange(current_app.extensions["node"], asked, later=later, hold=hold))
    except BadMessage as reason:
        log.warning("exchange refused: %s", reason.code)
        return _answer(reason.code.encode(), 400)
    except Exception as problem:
        # Not the page that people get: to a node, an answer of another type is no centre at all.
        log.exception("an exchange failed")
        _note(problem)
        return _answer(b"mistake", 500)
    for act in after:
        answer.call_on_close(_guarded(act))
    return answer


def _place() -> threading.BoundedSemaphore:
    node: Node = current_app.extensions["node"]
    return _places["postgresql" if node.database.postgres else "sqlite"]


def _waiting_outside(place: threading.BoundedSemaphore, hold: Hold, done: Callable[[], bool]) -> None:
    """Whoever waits for verdicts leaves their place at work to others meanwhile."""
    place.release()
    try:
        hold(done)
    finally:
        place.acquire()


def _note(problem: Exception) -> None:
    try:
        note_broken_promise(current_app.extensions["node"], problem)
    except Exception:
        log.exception("a broken promise could not be kept")


def _guarded(act: Callable[[], object]) -> Callable[[], None]:
    """What is done once the reply has gone; if it fails, the job that drains the inbox does it again."""

    place = _place()

    def run() -> None:
        try:
            with place:
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
