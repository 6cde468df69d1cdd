"""What this process has proven of segments that wait to be judged, so that their chains are not followed twice."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from sync.segment import Proof, Segment

SEGMENTS_MAX = 32  # of 150 KB each; what is forgotten is proven again from the inbox


class Proofs:
    """Proofs by the hashes before and after a segment, which stand for every byte of it.

    Both of them: the same last event also ends a longer segment, as when it rode ahead of the queue.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, bytes], Sequence[Proof]] = {}
        self._lock = threading.Lock()

    def keep(self, item: Segment, proofs: Sequence[Proof]) -> None:
        """Remember these until they are taken, or too many others have come."""
        with self._lock:
            self._known[item.before, item.tip] = proofs
            if len(self._known) > SEGMENTS_MAX:
                del self._known[next(iter(self._known))]

    def take(self, item: Segment) -> Sequence[Proof] | None:
        """The proofs of a segment, once; None where there are none."""
        with self._lock:
            return self._known.pop((item.before, item.tip), None)
