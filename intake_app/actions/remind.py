"""Whoever is responsible is told that a matter is due soon or overdue: by the centre's clock, or by a dispatcher's words.

1. A row of the list says when somebody has to be told next; the job of the centre takes those whose time has come.
2. In one transaction the report is held, worked out anew, and told of with an event: what was told stands in its state.
3. Whoever comes second, another worker or this one after a restart, finds it there and has nothing to tell.
"""

from __future__ import annotations

import logging
from functools import partial

from intake_app.actions.making import make_event, require_role, the_entity, write_one
from intake_app.clock import iso
from intake_app.node import Actor, Node
from intake_app.store import deadlines
from intake_app.store.database import Db
from sync import permission, workflow
from sync.deadline import clock_of, level_at, told
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.outcome import Outcome

AT_ONCE = 100
CENTRE = Actor(bytes(16), "", "", frozenset(), "", "")  # nobody: the centre's own clock
log = logging.getLogger(__name__)


def remind_all(node: Node) -> int:
    """Tell of every report whose time has come, up to AT_ONCE; returns how many were told of."""
    now_ms = node.clock.now_ms()
    with node.database.read() as db:
        ids = deadlines.due_now(db, now_ms, AT_ONCE)
    return sum(node.database.again(partial(_remind, node, found, now_ms)) for found in ids)


def _remind(node: Node, report_id: bytes, now_ms: int) -> int:
    with node.database.transaction() as db:
        one = the_entity(db, report_id)
        state = one.seen or {}
        clock = clock_of(state, deadlines.terms_of(db))
        level = level_at(clock, now_ms)
        if not state.get("lead_agency") or level <= told(state, clock.course.start):
            deadlines.refresh_rows(db, [one.no])  # the row was of another time: it says now when to look again
            return 0
        opened = {"level": level, "due": iso(clock.due or 0), "agency": state.get("lead_agency")}
        event = make_event(
            node, CENTRE, "report.reminded", report_id, {key: value for key, value in opened.items() if value}
        )
        write_one(node, db, event)
    return 1


def urge_report(node: Node, actor: Actor, report_id: bytes, text: str) -> Outcome:
    """Ask the lead agency, in words, to go on with a report."""
    require_role(actor, *permission.ROLES["report.urged"])
    cleaned = clean_text(text or "", multiline=True)
    if not cleaned:
        raise InvalidFields({"text": Problem("required")})
    with node.database.transaction() as db:
        return _urge(node, db, actor, report_id, cleaned)


def urge_several(node: Node, actor: Actor, report_ids: list[bytes], text: str) -> int:
    """Ask for several reports in the same words; returns how many of them are still open and with an agency."""
    count = 0
    for report_id in report_ids:
        try:
            urge_report(node, actor, report_id, text)
            count += 1
        except Refused as reason:
            log.info("not urged: %s", reason.code)
    return count


def _urge(node: Node, db: Db, actor: Actor, report_id: bytes, text: str) -> Outcome:
    state = the_entity(db, report_id).seen or {}
    if state["status"] not in workflow.OPEN:
        raise Refused("report_has_ended", status=state["status"])
    if not state.get("lead_agency"):
        raise Refused("not_routed_yet")
    opened = {"agency": state["lead_agency"], "text": text}
    return write_one(node, db, make_event(node, actor, "report.urged", report_id, opened))
