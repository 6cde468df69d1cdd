"""Two colleagues do not work on one report: it is in one hand at a time, and never for ever."""

from __future__ import annotations

import pytest

from intake_app.actions.claim_report import claim_report, release_report, take_over
from intake_app.actions.step_report import step_report
from intake_app.node import Actor, Node
from intake_app.store.claims import Claim, claim_of
from sync.errors import InvalidFields, Refused
from tests.creators import Recorded, record, somebody, state_of


@pytest.fixture
def report(node: Node) -> Recorded:
    return record(node)


def other(node: Node) -> Actor:
    return somebody(node, name="Lê Văn Tám")


def held(node: Node, report: Recorded) -> Claim | None:
    with node.database.read() as db:
        return claim_of(db, report.id, node.clock.now_ms())


def test_a_claimed_report_is_refused_to_a_colleague_by_name_and_time(node: Node, report: Recorded) -> None:
    claim_report(node, somebody(node), report.id)
    with pytest.raises(Refused) as refused:
        step_report(node, other(node), report.id, "route", agency="UBND-380")
    assert (refused.value.code, refused.value.params["name"]) == ("claimed", "Trần Thị Bình")
    assert state_of(node, report)["status"] == "received"


def test_who_has_it_works_on_and_lets_go_by_handing_it_on(node: Node, report: Recorded) -> None:
    claim_report(node, somebody(node), report.id)
    step_report(node, somebody(node), report.id, "verify")
    assert held(node, report) is not None
    step_report(node, somebody(node), report.id, "route", agency="UBND-380")
    assert held(node, report) is None


def test_a_claim_ends_by_itself(node: Node, report: Recorded) -> None:
    made = claim_report(node, somebody(node), report.id)
    node.clock.at_ms = made.until_ms
    assert held(node, report) is None
    claim_report(node, other(node), report.id)


def test_keeping_it_for_longer_leaves_since_when_it_is_held(node: Node, report: Recorded) -> None:
    first = claim_report(node, somebody(node), report.id)
    again = claim_report(node, somebody(node), report.id)
    assert (again.since_ms, again.until_ms > first.until_ms) == (first.since_ms, True)


def test_only_its_holder_releases_it(node: Node, report: Recorded) -> None:
    claim_report(node, somebody(node), report.id)
    with pytest.raises(Refused, match="claimed"):
        release_report(node, other(node), report.id)
    release_report(node, somebody(node), report.id)
    assert held(node, report) is None


def test_who_takes_over_leaves_a_note_and_an_audit_entry(node: Node, report: Recorded) -> None:
    claim_report(node, somebody(node), report.id)
    with pytest.raises(InvalidFields):
        take_over(node, other(node), report.id, " ")
    take_over(node, other(node), report.id, "Chị Bình nghỉ chiều nay")
    found = held(node, report)
    assert found is not None
    assert (found.name, found.taken_from, found.note) == ("Lê Văn Tám", "Trần Thị Bình", "Chị Bình nghỉ chiều nay")
    with node.database.read() as db:
        assert db.value("SELECT subject FROM audit WHERE action = 'claim.taken_over'") == report.id.hex()


def test_a_claim_is_no_event_and_waits_for_no_centre(node: Node, report: Recorded) -> None:
    with node.database.read() as db:
        before = db.value("SELECT seq FROM self_node")
    claim_report(node, somebody(node), report.id)
    with node.database.read() as db:
        assert db.value("SELECT seq FROM self_node") == before
