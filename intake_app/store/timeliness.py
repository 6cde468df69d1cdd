"""How a report stands to its deadline: the one place that decides it for all figures.

What rules of deadlines say stands in the report's row already (`deadline`); here it is compared with the moment, or with the
time at which the report was ended.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from intake_app.clock import from_iso
from intake_app.store.tables_lists import IS_OWED
from sync.workflow import ENDED

IN_TIME, LATE, OPEN, OVERDUE = "in_time", "late", "open", "overdue"
TIMELINESS = (IN_TIME, LATE, OPEN, OVERDUE)  # handled in time, handled late, in progress, in progress past the deadline
ENDING = frozenset({"answer", "approve", "reject", "guide", "withdraw", "close"})
# The deadline of what is still open passes without any event; with it the timeliness of these changes.
PASSED = f"{IS_OWED} AND deadline >= ? AND deadline < ?"
# Which reports' states have to be looked at: nothing else tells when a report was ended.
ASKS_STATE = "(r.deadline IS NOT NULL AND r.status IN ('" + "','".join(sorted(ENDED)) + "'))"


class _Answer(msgspec.Struct):
    at: int | None = None


class _Entry(msgspec.Struct):
    at: int | None = None
    step: str | None = None


class _Times(msgspec.Struct):
    """What of a state says when its report was ended; everything else is skipped while reading."""

    answer: _Answer | None = None
    history: list[_Entry] = []


_times = msgspec.json.Decoder(_Times)


def timeliness_of(status: str, deadline: str | None, state: bytes | None, now: str) -> str:
    """The timeliness of a report at a moment, given as the province writes it; what has no deadline cannot be late."""
    if status not in ENDED:
        return OVERDUE if deadline is not None and deadline < now else OPEN
    if deadline is None or state is None:
        return IN_TIME
    ended_ms = _ended_ms(_times.decode(state))
    return LATE if ended_ms is not None and ended_ms > from_iso(deadline) else IN_TIME


def _ended_ms(times: _Times) -> int | None:
    """When the answer was given, or else the first step that ended the report; closing comes later and is nobody's delay."""
    if times.answer is not None and times.answer.at is not None:
        return times.answer.at
    return _first(entry.at for entry in times.history if entry.step in ENDING)


def _first(times: Iterable[int | None]) -> int | None:
    return min((at for at in times if at is not None), default=None)
