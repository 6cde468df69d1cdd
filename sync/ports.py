"""What one exchange needs of the world: a node's store and a link. Pure shapes."""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable

from sync.protocol import Page, Reply

CONTENT_TYPE = "application/x-1022"
DEADLINE_SECONDS = 300.0  # of one exchange, all of it: 256 KB take 35 s at 64 kbit/s


class Question(NamedTuple):
    """One request as it goes out: the sealed bytes, its nonce, how many events it carries."""

    data: bytes
    nonce: bytes
    events: int


class Answer(NamedTuple):
    """What came back over a link: the body and what the trip cost, both ways."""

    data: bytes
    bytes_up: int
    bytes_down: int
    seconds: float


class Taken(NamedTuple):
    """What a reply changed at the node; `waiting` counts its events that the centre has not stored."""

    acked: int
    states: int
    waiting: int
    more: bool
    moved: bool  # something was stored, came, or was read further


class Link(Protocol):
    """The way to central; raises NoNetwork or BadMessage."""

    def post(self, data: bytes) -> Answer:
        """Send a request and return what came back."""
        ...


class Trip(Protocol):
    """One request on its way."""

    def answer(self) -> Answer:
        """Wait for what comes back; raises NoNetwork or BadMessage."""
        ...

    def drop(self) -> None:
        """Nobody waits for the answer any more."""
        ...


@runtime_checkable
class QuickLink(Link, Protocol):
    """A link on which a request can be under way while the node goes on working; one at a time."""

    def start(self, data: bytes) -> Trip:
        """Send a request off."""
        ...


class NodePort(Protocol):
    """A node's side of an exchange, each call one transaction at most."""

    def ask(self) -> Question:
        """The next request."""
        ...

    def prepare(self) -> None:
        """Make ready what the request after this one will carry, while the answer is awaited."""
        ...

    def ask_on(self, reply: Reply, page: Page) -> Question | None:
        """The next request as it will be once this reply has been taken; None where it has to be taken first."""
        ...

    def verify(self, sender: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the central this node is bound to signed a message."""
        ...

    def take(self, reply: Reply, page: Page, answer: Answer) -> Taken:
        """Apply a reply, page and cursor in one transaction."""
        ...
