"""Who is to be called: told by what was written down, and the same whether kept up or made anew."""

from __future__ import annotations

from typing import Any

import pytest

from intake_app.actions.add_to_report import call_report, inform_citizen
from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.step_report import step_report
from intake_app.actions.verify_node import verify_node
from intake_app.clock import from_iso
from intake_app.node import Node
from intake_app.store import callbacks
from intake_app.store.callbacks import CallbackPage, Due, due_of, list_callbacks
from intake_app.store.entities import load_entities
from tests.creators import Recorded, record, somebody

LATER = "2021-12-20T09:00:00+07:00"
ANSWERED = {"status": "answered", "received_at": LATER, "answer": {"at": 5}}


def called(at: int, result: str = "no_answer", **more: Any) -> dict[str, Any]:
    return {"at": at, "direction": "out", "result": result, **more}


def answered(node: Node, **changes: Any) -> Recorded:
    report = record(node, **changes)
    step_report(node, somebody(node), report.id, "answer", answer="Đã xử lý.", sources="Công văn 12")
    return report


def listed(node: Node, **changes: Any) -> CallbackPage:
    wanted = {"now_ms": node.clock.now_ms(), "office": None, "agency": None} | changes
    with node.database.read() as db:
        return list_callbacks(db, **wanted)


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (ANSWERED, Due(5, False, 0)),
        (ANSWERED | {"calls": [called(6)]}, Due(5, False, 1)),
        (ANSWERED | {"calls": [called(6, next_try=LATER)]}, Due(from_iso(LATER), True, 1)),
        (ANSWERED | {"calls": [called(6, next_try=LATER)], "informed": [{"at": 7}]}, None),
        (ANSWERED | {"informed": [{"at": 6}]}, None),
        (ANSWERED | {"reply_by": "none"}, None),
        (ANSWERED | {"status": "awaiting_info", "calls": [called(6, next_try=LATER)]}, Due(from_iso(LATER), True, 1)),
        (ANSWERED | {"status": "closed", "calls": [called(6, next_try=LATER)]}, None),
        (ANSWERED | {"status": "received"}, None),
    ],
)
def test_whoever_waits_for_a_word_is_to_be_called(state: dict[str, Any], due: Due | None) -> None:
    assert due_of(state) == due


def test_who_waits_longest_stands_first_and_who_was_told_leaves(node: Node) -> None:
    first, second = answered(node), answered(node)
    assert [row.id for row in listed(node).rows] == [first.id, second.id]
    inform_citizen(node, somebody(node), first.id, "phone")
    assert [row.id for row in listed(node).rows] == [second.id]


def test_a_next_try_waits_for_its_time(node: Node) -> None:
    report = answered(node)
    call_report(node, somebody(node), report.id, "out", "no_answer", next_try=LATER)
    page = listed(node)
    assert (page.total, page.due) == (1, 0)
    assert listed(node, now_ms=from_iso(LATER)).due == 1


def test_another_offices_reports_are_left_to_it(node: Node) -> None:
    answered(node)
    assert listed(node, office="0381").total == 0
    assert listed(node, office="0380").total == 1


def test_a_long_list_goes_on_without_gap_or_double(node: Node) -> None:
    made = [answered(node).id for _ in range(5)]
    first = listed(node, limit=2)
    second = listed(node, limit=2, after=first.next)
    third = listed(node, limit=2, after=second.next)
    assert [row.id for page in (first, second, third) for row in page.rows] == made
    assert third.next is None


def test_rows_made_anew_are_the_same(node: Node) -> None:
    call_report(node, somebody(node), answered(node).id, "out", "busy", next_try=LATER)
    before = listed(node)
    rebuild_rows(node)
    assert listed(node) == before


def test_a_call_that_did_not_hold_leaves_nothing_behind(node: Node) -> None:
    report = answered(node)
    call_report(node, somebody(node), report.id, "out", "busy", next_try=LATER)
    with node.database.transaction() as db:
        one = load_entities(db, [report.id])[report.id]
        state = {key: value for key, value in (one.seen or {}).items() if key not in ("calls", "history")}
        one.version, one.view = 1, state | {"status": "received"}
        callbacks.save(db, [one])
    assert listed(node).total == 0


def test_a_row_that_says_something_else_is_found(node: Node) -> None:
    report = answered(node)
    assert verify_node(node).ok
    with node.database.transaction() as db:
        db.run("UPDATE callback SET tries = 7")
    assert [each["what"] for each in verify_node(node).problems] == ["row_differs"]
    rebuild_rows(node)
    assert listed(node).rows[0].id == report.id
