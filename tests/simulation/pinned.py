"""Seeds that failed once, with how many events: they are played with every run of the tests.

A seed plays another run once the simulator itself changes, so what it found is told as a story too (test_stories.py).
"""

from __future__ import annotations

PINNED: tuple[tuple[int, int], ...] = (
    (4, 100),  # a unit taken away before all of it was read: reports with own work on them stayed for ever
    (31, 150),  # a note larger than any event may be
    (148, 120),  # a last verdict that came while states were missing: own work stayed pending for ever
)
