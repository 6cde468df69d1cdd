"""Events on their way to a verdict: what they are, where they came from, on what computer they were written."""

from __future__ import annotations

from typing import NamedTuple

from sync.event import Event
from sync.outcome import Added
from sync.permission import Computer
from sync.segment import Proof


class Arrived(NamedTuple):
    """One event of a batch: where it came from, and the hash and the length of its bytes."""

    seq: int
    event: Event
    proof: Proof


class Batch(NamedTuple):
    """Where a batch of events came from; segment_no is None for the centre's own."""

    node_no: int
    node: bytes
    segment_no: int | None
    added: Added
    computer: Computer
    broken: bool = False  # its one event broke our own code
    ahead: bool = False  # an urgent report that is here before its turn


class Late(NamedTuple):
    """An event that was refused or held back, as it came, with the verdict that it has."""

    item: Arrived
    segment_no: int
    incarnation: bytes
    added: Added
    verdict: str
    code: str
