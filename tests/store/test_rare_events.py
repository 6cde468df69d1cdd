"""Kinds of events that no page of this version makes yet, but that any node may send: what they leave in the report."""

from __future__ import annotations

from typing import Any

import pytest

from intake_app.actions.making import make_event
from intake_app.node import Node
from intake_app.store.own_events import write_events
from sync.outcome import Outcome
from tests.creators import Recorded, record, somebody, state_of

LATER = "2021-12-31T00:00:00+07:00"


def tell(node: Node, report: Recorded, kind: str, **opened: Any) -> Outcome:
    with node.database.transaction() as db:
        return write_events(node, db, [make_event(node, somebody(node), kind, report.id, opened)])[0]


def test_a_pause_ends_when_the_work_goes_on(node: Node) -> None:
    report = record(node)
    tell(node, report, "report.paused", reason="Chờ giám định")
    assert state_of(node, report)["paused"] == {"reason": "Chờ giám định"}
    tell(node, report, "report.resumed", reason="Đã có kết quả")
    state = state_of(node, report)
    assert "paused" not in state
    assert state["history"][-1]["was"] == {"paused": {"reason": "Chờ giám định"}}


def test_going_on_without_a_pause_changes_nothing(node: Node) -> None:
    report = record(node)
    assert tell(node, report, "report.resumed").verdict == "merged"


def test_an_extension_moves_the_deadline(node: Node) -> None:
    report = record(node)
    tell(node, report, "report.extended", deadline=LATER, reason="Vụ việc phức tạp")
    state = state_of(node, report)
    assert (state["deadline"], state["history"][-1]["reason"]) == (LATER, "Vụ việc phức tạp")


@pytest.mark.parametrize("opened", [{}, {"deadline": "mai"}, {"deadline": LATER, "colour": "xanh"}])
def test_an_extension_without_a_date_is_no_extension(node: Node, opened: dict[str, Any]) -> None:
    assert tell(node, record(node), "report.extended", **opened).verdict == "quarantined"


def test_a_rating_and_a_publicity_replace_the_one_before(node: Node) -> None:
    report = record(node)
    for score in ("2", "4"):
        tell(node, report, "report.rated", score=score)
    tell(node, report, "report.publicity_set", public=True, title="Loa phường")
    state = state_of(node, report)
    assert (state["rating"], state["publicity"]) == ({"score": "4"}, {"public": True, "title": "Loa phường"})


def test_a_kind_nobody_knows_waits_for_newer_software(node: Node) -> None:
    report = record(node)
    assert tell(node, report, "report.teleported").verdict == "held"
    assert state_of(node, report)["status"] == "received"
