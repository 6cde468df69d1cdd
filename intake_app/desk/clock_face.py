"""A deadline as pages say it: how it stands, until when, how much is used up and left, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import ngettext

from intake_app.desk.at_hand import the_node
from intake_app.store.deadlines import terms_of
from sync.deadline import OPEN_STATES, Deadline, Terms, deadline
from sync.working_time import HOUR_MS, MINUTE_MS

ICONS = {
    "on_track": "✓", "due_soon": "◷", "overdue": "⚠", "paused": "‖", "on_time": "✓", "late": "⚠", "none": "–",
}  # fmt: skip


def deadline_now(state: dict[str, Any]) -> Deadline | None:
    """The deadline of a report at this moment; None for a time that no calendar has."""
    with the_node().database.read() as db:
        terms = terms_of(db)
    return _known(state, terms)


def due_at(state: dict[str, Any], terms: Terms) -> int | None:
    """Until when a report is or was due; for pages with many of them, which ask for the terms once."""
    found = _known(state, terms)
    return None if found is None else found.due


def _known(state: dict[str, Any], terms: Terms) -> Deadline | None:
    try:
        return deadline(state, terms, the_node().clock.now_ms())
    except (ValueError, OverflowError):
        return None


def promised_of(state: dict[str, Any]) -> int | None:
    """Until when the citizen may expect an answer; nothing where the matter has ended or the clock stands still."""
    found = deadline_now(state)
    return found.due if found is not None and found.state in OPEN_STATES else None


def duration(ms: int, day_ms: int, working: bool) -> str:
    """So much time in words: days of the offices' own length where it is working time."""
    days, rest = divmod(abs(ms), day_ms)
    hours, minutes = rest // HOUR_MS, rest % HOUR_MS // MINUTE_MS
    parts = []
    if days:
        parts.append(
            ngettext("%(n)s working day", "%(n)s working days", days, n=days)
            if working
            else ngettext("%(n)s day", "%(n)s days", days, n=days)
        )
    if hours:
        parts.append(
            ngettext("%(n)s working hour", "%(n)s working hours", hours, n=hours)
            if working
            else ngettext("%(n)s hour", "%(n)s hours", hours, n=hours)
        )
    if not days and (minutes or not hours):
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", minutes, n=minutes))
    return " ".join(parts)


def face(state: dict[str, Any]) -> dict[str, Any] | None:
    """What the piece of a page about the deadline shows."""
    found = deadline_now(state)
    if found is None:
        return None

    def said(ms: int | None) -> str:
        return "" if ms is None else duration(ms, found.day_ms, found.working)

    return {
        "found": found, "icon": ICONS[found.state], "used": said(found.used), "offline": said(found.offline),
        "left": said(found.left), "over": found.left is not None and found.left < 0,
        "since": found.stopped_since, "reason": state.get("paused", {}).get("reason", ""),
    }  # fmt: skip
