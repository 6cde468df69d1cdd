"""One reconciliation: ask, send, prove, take, until nothing more moves. The choreography only; every effect comes in.

One request is under way at a time, and neither side waits for the other more than it must: while an answer is awaited the
next segment is packed, and while a reply is taken the next request is on its way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sync import envelope, protocol
from sync.errors import BadMessage, Unwelcome
from sync.ports import Answer, Link, NodePort, Question, QuickLink, Taken, Trip
from sync.protocol import Reply

EXCHANGES_MAX = 2000  # of one run: 2 000 000 events; a run that never ends would keep the next from starting
RUN_SECONDS = (
    600.0  # of one run: what is left goes with the next, so that a run which takes longer must be one that hangs
)
STANDSTILLS_MAX = 3  # exchanges in a row that move nothing while the centre still has something to judge


@dataclass
class Summary:
    """What a run moved: events that central stored, states that came, requests and bytes both ways."""

    sent: int = 0
    received: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    waiting: int = 0


class Sent(NamedTuple):
    """A request that is on its way."""

    question: Question
    trip: Trip


class _Deferred:
    """A trip over a link that does one thing at a time: it is made when the answer is asked for."""

    def __init__(self, link: Link, data: bytes) -> None:
        self._link = link
        self._data = data

    def answer(self) -> Answer:
        return self._link.post(self._data)

    def drop(self) -> None:
        """Nothing has been sent."""


def run(
    port: NodePort, link: Link, summary: Summary, progress: Callable[[Summary], None], seconds: Callable[[], float]
) -> bool:
    """Exchange until nothing more moves; False where the time was up before.

    Raises NoNetwork, BadMessage or Unwelcome; what was taken until then is kept.
    """
    standstills, started = 0, seconds()
    sent: Sent | None = None
    try:
        for _ in range(EXCHANGES_MAX):
            under_way, sent = sent, None
            taken, sent = exchange(port, link, summary, under_way)
            progress(summary)
            standstills = 0 if taken.moved else standstills + 1
            if sent is None and (not taken.more or standstills > STANDSTILLS_MAX):
                return True
            if seconds() - started > RUN_SECONDS:
                break
    finally:
        if sent is not None:
            sent.trip.drop()
    return False


def exchange(port: NodePort, link: Link, summary: Summary, sent: Sent | None = None) -> tuple[Taken, Sent | None]:
    """Wait for a reply, send off the next request if it can be told already, and take the reply meanwhile."""
    sent = sent or _send(port.ask(), link, summary)
    port.prepare()
    answer = sent.trip.answer()
    summary.bytes_up += answer.bytes_up
    summary.bytes_down += answer.bytes_down
    reply = _read(port, sent.question, answer)
    page = protocol.unpack_page(reply)
    question = port.ask_on(reply, page)
    following = None if question is None else _send(question, link, summary)
    try:
        taken = port.take(reply, page, answer)
    except BaseException:
        # What was sent off took it for granted that this reply would be taken: its answer must not be.
        if following is not None:
            following.trip.drop()
        raise
    summary.sent += taken.acked
    summary.received += taken.states
    summary.waiting = taken.waiting
    return taken, following


def _send(question: Question, link: Link, summary: Summary) -> Sent:
    summary.requests += 1
    return Sent(question, start(link, question.data))


def start(link: Link, data: bytes) -> Trip:
    """A request under way over any link."""
    return link.start(data) if isinstance(link, QuickLink) else _Deferred(link, data)


def _read(port: NodePort, question: Question, answer: Answer) -> Reply:
    """The reply to this very question, signed by our central; anything else changes nothing."""
    message = envelope.unseal(answer.data, envelope.REPLY, port.verify)
    if message.nonce != question.nonce:
        raise BadMessage("wrong_nonce")
    reply = protocol.decode_reply(message.body)
    if reply.refusal:
        raise Unwelcome(reply.refusal, **reply.params)
    return reply
