from __future__ import annotations

import pytest

from intake_app.clock import iso
from intake_app.store.timeliness import timeliness_of
from sync.event import canonical

NOW = 1_638_700_000_000
HOUR = 3_600_000


def at(hours: int) -> str:
    return iso(NOW + hours * HOUR)


@pytest.mark.parametrize(
    ("status", "deadline", "expected"),
    [
        ("received", None, "open"),
        ("in_progress", at(1), "open"),
        ("in_progress", at(-1), "overdue"),
        ("closed", None, "in_time"),
    ],
)
def test_what_is_open_is_late_from_its_deadline_on(status: str, deadline: str | None, expected: str) -> None:
    assert timeliness_of(status, deadline, None, at(0)) == expected


def test_an_answer_is_late_by_when_it_was_given_and_not_by_when_it_was_closed() -> None:
    state = canonical({"answer": {"text": "x", "at": NOW}, "history": [{"step": "close", "at": NOW + 9 * HOUR}]})
    assert timeliness_of("closed", at(1), state, at(20)) == "in_time"
    assert timeliness_of("closed", at(-1), state, at(20)) == "late"


def test_what_has_no_answer_ended_with_the_first_step_that_ended_it() -> None:
    steps = [{"step": "verify", "at": NOW - 5}, {"step": "reject", "at": NOW}, {"step": "close", "at": NOW + 9 * HOUR}]
    state = canonical({"history": steps})
    assert timeliness_of("closed", at(1), state, at(20)) == "in_time"
    assert timeliness_of("rejected", at(-1), state, at(20)) == "late"
