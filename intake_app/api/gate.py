"""The gate before the nodes' door: how many are let in at once, and when the others are to come back.

It stands before the application and decides before a byte of a body is read. A share of the server's threads is not for
nodes, so pages are answered however many call; a rush is turned away at the price of a header, and each that is turned
away is told a later time than the one before, as at a counter with numbers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.wsgi import ClosingIterator

from intake_app.node import Node
from intake_app.store import inbox
from sync.ports import CONTENT_TYPE

DOOR = "/api/v1/exchange"
INSIDE_MAX = 10  # nodes whose body is read, who wait for the writer or are answered
# Turned away politely: what they sent is read and thrown away, so that their connection stays good. A slow line takes long.
POLITE_MAX = 4
POLITE_BYTES_MAX = 512 * 1024
INSIDE_WHEN_BEHIND = 3  # never none: what cannot be judged must not keep everybody out for ever
BEHIND_SEGMENTS = 200
BEHIND_SECONDS = 30.0
LOOK_SECONDS = 1.0
EARLY = 2 / 3  # of the time until a turn: what nodes are told
FIRST_SECONDS = 0.03  # what an exchange costs, until some were measured
RETRY_SECONDS_MAX = 120
PIECE_BYTES = 64 * 1024
HANG_UP = "intake.hang_up"  # what the server offers to close a connection whose request was not read

Answer = Callable[..., Any]


class Backlog(NamedTuple):
    """What is stored and not judged yet."""

    segments: int
    oldest_seconds: float


@dataclass
class Gate:
    """Lets so many exchanges in and turns the others away; everything else passes."""

    app: Answer
    backlog: Callable[[], Backlog]
    seconds: Callable[[], float] = time.monotonic
    inside_max: int = INSIDE_MAX
    polite_max: int = POLITE_MAX

    def __post_init__(self) -> None:
        self._turn = threading.Lock()
        self._inside = self._polite = 0
        self._cost = FIRST_SECONDS
        self._next_place = 0.0
        self._looked = float("-inf")
        self._behind = False

    def __call__(self, environ: dict[str, Any], start_response: Answer) -> Iterable[bytes]:
        """Answer a request, or turn it away."""
        if environ.get("PATH_INFO") != DOOR:
            answer: Iterable[bytes] = self.app(environ, start_response)
            return answer
        behind = self._is_behind()
        with self._turn:
            room = self._inside < (min(self.inside_max, INSIDE_WHEN_BEHIND) if behind else self.inside_max)
            self._inside += room
        return self._let_in(environ, start_response) if room else self._turn_away(environ, start_response)

    def _let_in(self, environ: dict[str, Any], start_response: Answer) -> Iterable[bytes]:
        came = self.seconds()
        try:
            answer = self.app(environ, start_response)
        except BaseException:
            self._leave(came)
            raise
        # What is judged once the reply has gone still belongs to the visit.
        return ClosingIterator(answer, lambda: self._leave(came))

    def _leave(self, came: float) -> None:
        with self._turn:
            cost = (self.seconds() - came) / max(1, self._inside)
            self._cost += (cost - self._cost) / 16
            self._inside -= 1

    def _turn_away(self, environ: dict[str, Any], start_response: Answer) -> Iterable[bytes]:
        headers = [
            ("Content-Type", CONTENT_TYPE),
            ("Content-Length", "4"),
            ("Retry-After", str(self._place())),
        ]
        if not self._swallow(environ):
            headers.append(("Connection", "close"))
            environ.get(HANG_UP, lambda: None)()
        start_response("503 Service Unavailable", headers)
        return [b"busy"]

    def _place(self) -> int:
        """In how many seconds it will be the turn of the next who is turned away.

        Nodes add up to as much again by chance, half as much on the average, so they are told two thirds of it: to be
        turned away twice costs little, and a centre that waits for nodes costs everybody.
        """
        with self._turn:
            now = self.seconds()
            self._next_place = max(self._next_place, now) + min(1.0, max(0.002, self._cost * EARLY))
            self._next_place = min(self._next_place, now + RETRY_SECONDS_MAX)
            return max(1, ceil(self._next_place - now))

    def _swallow(self, environ: dict[str, Any]) -> bool:
        """Read the body and forget it, where few do so already and it is no longer than a message may be."""
        length = int(environ.get("CONTENT_LENGTH") or 0) if str(environ.get("CONTENT_LENGTH") or 0).isdigit() else -1
        with self._turn:
            may = 0 <= length <= POLITE_BYTES_MAX and self._polite < self.polite_max
            self._polite += may
        if not may:
            return False
        try:
            while length > 0 and (piece := environ["wsgi.input"].read(min(PIECE_BYTES, length))):
                length -= len(piece)
        finally:
            with self._turn:
                self._polite -= 1
        return length == 0

    def _is_behind(self) -> bool:
        """Whether more waits to be judged than nodes should add to; looked at once a second."""
        with self._turn:
            now = self.seconds()
            if now - self._looked < LOOK_SECONDS:
                return self._behind
            self._looked = now
        found = self.backlog()
        self._behind = found.segments > BEHIND_SEGMENTS or found.oldest_seconds > BEHIND_SECONDS
        return self._behind


def guard(app: Flask) -> None:
    """Put the gate before an application."""
    node: Node = app.extensions["node"]
    app.wsgi_app = Gate(app.wsgi_app, lambda: _backlog(node))  # type: ignore[method-assign]


def _backlog(node: Node) -> Backlog:
    with node.database.read() as db:
        segments, oldest_ms = inbox.backlog(db)
    return Backlog(segments, 0.0 if oldest_ms is None else (node.clock.now_ms() - oldest_ms) / 1000)
