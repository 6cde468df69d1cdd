"""The two doors that nodes knock on: enrol, and exchange."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from flask import Blueprint, Response, current_app, request

from intake_app.actions.enroll import welcome
from intake_app.actions.note_broken_promise import note_broken_promise
from intake_app.actions.receive import exchange
from intake_app.burst import Burst
from sync.envelope import MESSAGE_BYTES_MAX
from sync.errors import BadMessage
from sync.ports import CONTENT_TYPE

AT_WORK_MAX = (
    4  # of those who are inside: more would only wait for the one writer, and each holds a connection of the database
)
blueprint = Blueprint("exchange", __name__, url_prefix="/api/v1")
_work = threading.BoundedSemaphore(AT_WORK_MAX)
log = logging.getLogger(__name__)


def _answer(body: bytes, status: int = 200) -> Response:
    return Response(body, status, content_type=CONTENT_TYPE)


@blueprint.post("/exchange")
def exchange_once() -> Response:
    """One exchange: a signed request in, a signed reply out."""
    after: list[Callable[[], object]] = []
    burst: Burst | None = current_app.extensions.get("burst")
    later, hold = (burst.later, burst.hold) if burst else (lambda act, more: after.append(act), None)
    try:
        asked = _body()  # a slow line takes its time: it must not hold a place at work meanwhile
        with _work:
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


def _note(problem: Exception) -> None:
    try:
        note_broken_promise(current_app.extensions["node"], problem)
    except Exception:
        log.exception("a broken promise could not be kept")


def _guarded(act: Callable[[], object]) -> Callable[[], None]:
    """What is done once the reply has gone; if it fails, the job that drains the inbox does it again."""

    def run() -> None:
        try:
            with _work:
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
