"""What was proven is remembered once, for as long as there is room, and for no other segment."""

from __future__ import annotations

from intake_app.store.proofs import SEGMENTS_MAX, Proofs
from sync.segment import Proof, Segment

SOME = [Proof(b"p" * 32, 900)]


def ending(tip: bytes, before: bytes = b"0") -> Segment:
    return Segment(b"o" * 16, b"i" * 8, 1, 1, before, tip, 0, 0, b"")


def test_a_proof_is_given_once() -> None:
    proofs = Proofs()
    proofs.keep(ending(b"tip"), SOME)
    assert (proofs.take(ending(b"tip")), proofs.take(ending(b"tip"))) == (SOME, None)


def test_the_oldest_is_forgotten_first() -> None:
    proofs = Proofs()
    for at in range(SEGMENTS_MAX + 1):
        proofs.keep(ending(bytes([at])), SOME)
    assert proofs.take(ending(bytes([0]))) is None
    assert proofs.take(ending(bytes([1]))) == SOME


def test_a_longer_segment_with_the_same_end_is_another_one() -> None:
    proofs = Proofs()
    proofs.keep(ending(b"tip", before=b"early"), SOME * 2)
    assert proofs.take(ending(b"tip", before=b"late")) is None
