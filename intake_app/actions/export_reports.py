"""The reports a person may see, one after the other, in the form of a record line with what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from intake_app.clock import iso
from intake_app.node import Node
from intake_app.phone import typed_form
from intake_app.store.deadlines import terms_of
from intake_app.store.entities import Entity, State
from intake_app.store.walk import ALWAYS, walk_reports
from sync import limits
from sync.deadline import Terms, deadline

LINE_KEYS = tuple(key for key in (*limits.OPEN_FIELDS, *limits.PRIVATE_FIELDS) if key != "phone_typed")
PAGE_ROWS = 400  # of one look: as many states as one statement asks for
ADDED_KEYS = ("phone_e164", "office", "lead_agency", "supporting", "deadline", "procedure")


def export_reports(
    node: Node, sees: Callable[[State], bool] = lambda state: True, received: tuple[int, int] = ALWAYS
) -> Iterator[dict[str, object]]:
    """Gives every report that is seen as a flat line, newest first; a page is read at a time, so the memory stays flat.

    Each page is a snapshot of its own: one snapshot over a long export would keep the write-ahead log growing.
    """
    after = None
    while True:
        with node.database.read() as db:
            page = walk_reports(db, after, PAGE_ROWS, received)
            terms = terms_of(db)
        for one in page.reports:
            if one.seen is not None and sees(one.seen):
                yield export_line(one, one.seen) | _deadline(one.seen, terms, node.clock.now_ms())
        if page.next is None:
            return
        after = page.next


def _deadline(state: State, terms: Terms, now_ms: int) -> dict[str, object]:
    """Until when it was due and how that stands now."""
    try:
        found = deadline(state, terms, now_ms)
    except (ValueError, OverflowError):
        return {"due_at": None, "deadline_state": "none"}
    return {"due_at": None if found.due is None else iso(found.due), "deadline_state": found.state}


def export_line(one: Entity, state: State) -> dict[str, object]:
    """One report as a flat line: its keys are those of a record line, and what the centre and the agencies added."""
    line: dict[str, object] = {
        "id": one.id.hex(),
        "tracking_code": state["tracking_code"],
        "version": one.version,
        "status": state["status"],
        "answer": state.get("answer", {}).get("text"),
        "rating": state.get("rating", {}).get("score"),
        "rating_text": state.get("rating", {}).get("text"),
    }
    reporter = state.get("reporter", {})
    for key in LINE_KEYS:
        source = reporter if key in limits.PRIVATE_FIELDS else state
        line[key] = source.get(key, limits.DEFAULTS.get(key))
    if phone := reporter.get("phone"):
        # As it was typed: what was recorded comes out the same. The form for calling and comparing stands beside it.
        line |= {"phone": reporter.get("phone_typed") or typed_form(phone), "phone_e164": phone}
    return {key: state.get(key) for key in ADDED_KEYS} | line


def without_identity(line: dict[str, object]) -> dict[str, object]:
    """The line without who reported: of a report whose identity is to be kept secret."""
    return line | dict.fromkeys((*limits.PRIVATE_FIELDS, "phone_e164"))
