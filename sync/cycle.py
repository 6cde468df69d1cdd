"""One reconciliation: ask, send, prove, take, until nothing more moves. The choreography only; every effect comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sync import envelope, protocol
from sync.errors import BadMessage, Unwelcome
from sync.ports import Answer, Link, NodePort, Question, Taken
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


def run(
    port: NodePort, link: Link, summary: Summary, progress: Callable[[Summary], None], seconds: Callable[[], float]
) -> bool:
    """Exchange until nothing more moves; False where the time was up before.

    Raises NoNetwork, BadMessage or Unwelcome; what was taken until then is kept.
    """
    standstills, started = 0, seconds()
    for _ in range(EXCHANGES_MAX):
        taken = exchange(port, link, summary)
        progress(summary)
        standstills = 0 if taken.moved else standstills + 1
        if not taken.more or standstills > STANDSTILLS_MAX:
            return True
        if seconds() - started > RUN_SECONDS:
            break
    return False


def exchange(port: NodePort, link: Link, summary: Summary) -> Taken:
    """One request and its reply."""
    question = port.ask()
    summary.requests += 1
    answer = link.post(question.data)
    summary.bytes_up += answer.bytes_up
    summary.bytes_down += answer.bytes_down
    reply = _read(port, question, answer)
    taken = port.take(reply, protocol.unpack_page(reply), answer)
    summary.sent += taken.acked
    summary.received += taken.states
    summary.waiting = taken.waiting
    return taken


def _read(port: NodePort, question: Question, answer: Answer) -> Reply:
    """The reply to this very question, signed by our central; anything else changes nothing."""
    message = envelope.unseal(answer.data, envelope.REPLY, port.verify)
    if message.nonce != question.nonce:
        raise BadMessage("wrong_nonce")
    reply = protocol.decode_reply(message.body)
    if reply.refusal:
        raise Unwelcome(reply.refusal, **reply.params)
    return reply
