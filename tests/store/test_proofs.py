"""What was proven is remembered once, for as long as there is room."""

from __future__ import annotations

from intake_app.store.proofs import SEGMENTS_MAX, Proofs
from sync.segment import Proof

SOME = [Proof(b"p" * 32, 900)]


def test_a_proof_is_given_once() -> None:
    proofs = Proofs()
    proofs.keep(b"tip", SOME)
    assert (proofs.take(b"tip"), proofs.take(b"tip")) == (SOME, None)


def test_the_oldest_is_forgotten_first() -> None:
    proofs = Proofs()
    for at in range(SEGMENTS_MAX + 1):
        proofs.keep(bytes([at]), SOME)
    assert proofs.take(bytes([0])) is None
    assert proofs.take(bytes([1])) == SOME
