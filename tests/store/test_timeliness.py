from __future__ import annotations

import pytest

from intake_app.clock import iso
from intake_app.store.timeliness import timeliness_of

NOW = 1_638_700_000_000
HOUR = 3_600_000


def at(hours: int) -> str:
    return iso(NOW + hours * HOUR)


@pytest.mark.parametrize(
    ("status", "deadline", "clock", "expected"),
    [
        ("received", None, "none", "open"), ("in_progress", at(1), "running", "open"),
        ("in_progress", at(-1), "running", "overdue"),
        ("in_progress", None, "paused", "open"), ("closed", None, "none", "in_time"), ("closed", None, "on_time", "in_time"),
        ("rejected", None, "late", "late"),
    ],
)  # fmt: skip
def test_a_row_tells_how_it_stands_to_its_deadline(status: str, deadline: str | None, clock: str, expected: str) -> None:
    assert timeliness_of(status, deadline, clock, at(0)) == expected
