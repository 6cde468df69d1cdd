"""One cause, many citizens: an approved answer reaches every linked report at its own office, and nothing is merged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.add_to_report import link_report
from intake_app.actions.share_answer import kin_of, share_answer
from intake_app.store.callbacks import list_callbacks
from intake_app.store.reports import load_report
from sync.errors import Refused
from tests.creators import Province, Recorded, load, province


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, "0380", "0381") as found:
        yield found


def answered(made: Province) -> Recorded:
    report = made.record("0380", summary="Mất nước cả phố")
    made.sync()
    for step, details in (
        ("route", {"agency": "SYT"}), ("accept", {}),
        ("submit", {"answer": "Đã sửa đường ống.", "sources": "CV 12"}), ("approve", {}),
    ):  # fmt: skip
        made.step("1022", report, step, **details)
    return report


def linked(made: Province, office: str, parent: Recorded, relation: str = "same_matter") -> Recorded:
    report = made.record(office, summary="Nhà tôi mất nước")
    made.sync()
    link_report(made.centre, made.actor("1022"), report.id, parent.id, relation)
    return report


def shared(made: Province, parent: Recorded, *reports: Recorded) -> list[str | None]:
    chosen = [(one.id, load(made.centre, one).version) for one in reports]
    results = share_answer(made.centre, made.actor("1022"), parent.id, chosen)
    return [each.refused.code if each.refused else None for each in results]


def test_each_linked_report_is_answered_and_its_own_office_has_somebody_to_call(made: Province) -> None:
    parent = answered(made)
    near, far = linked(made, "0380", parent), linked(made, "0381", parent, "duplicate_of")
    assert shared(made, parent, near, far) == [None, None]
    made.sync()
    state = made.seen("0381", far)
    assert (state["status"], state["answer"]["text"], state["answer"]["sources"]) == (
        "answered",
        "Đã sửa đường ống.",
        "CV 12",
    )
    assert state["answer"]["same_as"] == parent.id.hex()
    with made.offices["0381"].database.read() as db:
        called = list_callbacks(db, made.clock.now_ms(), "0381", None)
    assert [row.id for row in called.rows] == [far.id]


def test_the_family_reaches_over_several_links_but_not_to_what_only_follows(made: Province) -> None:
    parent = answered(made)
    child = linked(made, "0380", parent)
    grandchild = linked(made, "0381", child)
    linked(made, "0381", parent, "follow_up")
    pointed_to = made.record("0380")
    made.sync()
    link_report(made.centre, made.actor("1022"), parent.id, pointed_to.id, "duplicate_of")
    with made.centre.database.read() as db:
        source = load_report(db, parent.id)
        assert source is not None
        kin = kin_of(db, source, made.clock.now_ms())
    assert {each.report.id for each in kin} == {child.id, grandchild.id, pointed_to.id}


def test_what_has_ended_moved_or_is_not_linked_is_named_and_stays(made: Province) -> None:
    parent = answered(made)
    ended, moved, good = (linked(made, "0380", parent) for _ in range(3))
    stranger = made.record("0381")
    made.sync()
    made.step("1022", ended, "reject", reason="Trùng")
    chosen = [(one.id, load(made.centre, one).version) for one in (ended, moved, stranger, good)]
    made.step("1022", moved, "verify")
    results = share_answer(made.centre, made.actor("1022"), parent.id, chosen)
    codes = [each.refused and each.refused.code for each in results]
    assert codes == ["step_not_possible", "moved_meanwhile", "not_linked", None]
    assert made.seen("1022", ended)["status"] == "rejected"


def test_an_answer_that_nobody_has_approved_is_shared_with_nobody(made: Province) -> None:
    parent = made.record("0380")
    made.sync()
    with pytest.raises(Refused, match="no_answer_to_share"):
        shared(made, parent, linked(made, "0380", parent))


def test_what_an_office_did_without_a_network_meanwhile_is_a_conflict_and_not_lost(made: Province) -> None:
    parent = answered(made)
    other = linked(made, "0380", parent)
    made.sync()
    made.step("0380", other, "answer", answer="Tổ dân phố đã báo.")
    shared(made, parent, other)
    made.sync()
    state = made.seen("1022", other)
    assert state["answer"]["text"] == "Đã sửa đường ống."
    assert [row["details"]["answer"] for row in state["conflicts"]] == ["Tổ dân phố đã báo."]
