"""How a report stands to its deadline: the one place that decides it for all figures.

What rules of deadlines say stands in the report's row already (`deadline` of what is open, `clock` of what has ended).
"""

from __future__ import annotations

from intake_app.store.tables_lists import IS_OWED
from sync.workflow import ENDED

IN_TIME, LATE, OPEN, OVERDUE = "in_time", "late", "open", "overdue"
TIMELINESS = (IN_TIME, LATE, OPEN, OVERDUE)  # handled in time, handled late, in progress, in progress past the deadline
# The deadline of what is still open passes without any event; with it the timeliness of these changes.
PASSED = f"{IS_OWED} AND deadline >= ? AND deadline < ?"


def timeliness_of(status: str, deadline: str | None, clock: str, now: str) -> str:
    """The timeliness of a report at a moment, given as the province writes it, from what its row says of its deadline.

    What has no deadline cannot be late, and what stands still is not overdue.
    """
    if status in ENDED:
        return LATE if clock == "late" else IN_TIME
    return OVERDUE if deadline is not None and deadline < now else OPEN
