"""What is put aside is found again, and nothing of it stays."""

from __future__ import annotations

from intake_app.store.scratch import scratch


def test_the_last_value_of_a_key_is_given_back() -> None:
    with scratch() as kept:
        kept.put(b"a", b"1")
        kept.put(b"a", b"2")
        assert (kept.get(b"a"), kept.get(b"b")) == (b"2", None)


def test_nothing_is_left_for_the_next_one() -> None:
    with scratch() as kept:
        kept.put(b"a", b"1")
    with scratch() as kept:
        assert kept.get(b"a") is None
