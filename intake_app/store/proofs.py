"""What this process has proven of segments that wait to be judged, so that their chains are not followed twice."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from sync.segment import Proof

SEGMENTS_MAX = 32  # of 150 KB each; what is forgotten is proven again from the inbox


class Proofs:
    """Proofs by the hash at the end of a segment, which stands for every byte of it; an empty one is as good as any."""

    def __init__(self) -> None:
        self._by_tip: dict[bytes, Sequence[Proof]] = {}
        self._lock = threading.Lock()

    def keep(self, tip: bytes, proofs: Sequence[Proof]) -> None:
        """Remember these until they are taken, or too many others have come."""
        with self._lock:
            self._by_tip[tip] = proofs
            if len(self._by_tip) > SEGMENTS_MAX:
                del self._by_tip[next(iter(self._by_tip))]

    def take(self, tip: bytes) -> Sequence[Proof] | None:
        """The proofs of the segment that ends with this hash, once; None where there are none."""
        with self._lock:
            return self._by_tip.pop(tip, None)
