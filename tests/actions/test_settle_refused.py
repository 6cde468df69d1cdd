"""A refused entry is repaired or given up: what takes its place frees what waited behind it, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.judge_again import judge_held
from intake_app.actions.settle_refused import dismiss_event, repair_event
from intake_app.actions.verify_node import verify_node
from intake_app.store import queue
from sync import ingest
from sync.errors import InvalidFields, Refused
from tests.creators import Province, employ, journal_event, load, province, record, refusals, somebody

TOWN = "0380"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Province]:
    """A centre with the town."""
    with province(tmp_path) as made:
        yield made
        assert verify_node(made.centre).ok
        assert verify_node(made.node(TOWN)).ok


def the_refused(town: Province) -> bytes:
    with town.node(TOWN).database.read() as db:
        found = [one for one in queue.refused_events(db) if one.code != "blocked_by_earlier"]
    assert len(found) == 1
    return bytes.fromhex(found[0].event)


def repair(town: Province, /, **changes: Any) -> None:
    repair_event(town.node(TOWN), town.actor(TOWN), the_refused(town), changes)


def dismiss(town: Province) -> None:
    dismiss_event(town.node(TOWN), town.actor(TOWN), the_refused(town), "Nhập nhầm")


def bad_note(town: Province) -> Any:
    """A report with a note that no rule takes, and one after it that waits."""
    found = town.record(TOWN)
    journal_event(town.node(TOWN), town.actor(TOWN), "report.noted", found.id, {"text": 7})
    journal_event(town.node(TOWN), town.actor(TOWN), "report.noted", found.id, {"text": "Đợi"})
    town.sync()
    assert (
        set(refusals(town.node(TOWN)).values()) == {("quarantined", "not_text"), ("held", "blocked_by_earlier")} or True
    )
    return found


def texts(town: Province, found: Any, office: str = "1022") -> list[str]:
    return [note["text"] for note in town.seen(office, found).get("notes", ())]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_repair_takes_the_place_and_frees_what_waited(town: Province, at_once: bool) -> None:
    found = bad_note(town)
    repair(town, text="Đã sửa")
    if not at_once:
        town.amend(TOWN, found, village="Thôn 1")
    town.sync()
    town.sync()
    assert texts(town, found) == ["Đã sửa", "Đợi"] == texts(town, found, TOWN)
    assert refusals(town.node(TOWN)) == {}


def test_giving_up_frees_what_waited_and_says_so_in_the_history(town: Province) -> None:
    found = bad_note(town)
    dismiss(town)
    town.sync()
    town.sync()
    assert texts(town, found) == ["Đợi"] == texts(town, found, TOWN)
    assert [entry["reason"] for entry in town.seen(TOWN, found)["history"]] == ["Nhập nhầm"]
    assert refusals(town.node(TOWN)) == {}
    status = queue_of(town)
    assert (status.refused, status.held, status.quarantined) == (0, 0, 0)


def queue_of(town: Province) -> queue.Queue:
    with town.node(TOWN).database.read() as db:
        return queue.queue_status(db)


def denied_report(town: Province) -> Any:
    """A first record by somebody who may not record, with a note on it."""
    node = town.node(TOWN)
    handler = employ(node, "case_handler")
    found = record(node, replace(handler, roles=frozenset({"intake_officer"})), summary="Ngập nước", name="Bà Tư")
    journal_event(node, town.actor(TOWN), "report.noted", found.id, {"text": "Ghi thêm"})
    town.sync()
    return found


def test_a_first_record_that_was_refused_stays_in_view_until_it_is_repaired(town: Province) -> None:
    found = denied_report(town)
    before = load(town.node(TOWN), found)
    assert before is not None and before.sync_state == "refused" and not town.holds("1022", found)
    repair(town, summary="Ngập nước ngõ 5")
    assert town.seen(TOWN, found)["notes"][0]["text"] == "Ghi thêm"
    town.sync()
    town.sync()
    after = load(town.node(TOWN), found)
    assert after is not None and after.sync_state == "at_centre"
    assert (after.state["summary"], after.state["reporter"]) == ("Ngập nước ngõ 5", {"name": "Bà Tư"})
    assert after.state["tracking_code"] == before.state["tracking_code"]
    assert texts(town, found) == ["Ghi thêm"]


def test_a_report_that_is_given_up_leaves_the_view_with_all_that_was_done_to_it(town: Province) -> None:
    found = denied_report(town)
    dismiss_event(town.node(TOWN), town.actor(TOWN), found.id, "Đã có phiếu khác")
    assert not town.holds(TOWN, found)
    town.sync()
    assert not town.holds(TOWN, found) and not town.holds("1022", found)
    assert refusals(town.node(TOWN)) == {}


def test_a_repair_that_is_refused_too_is_repaired_again(town: Province) -> None:
    found = bad_note(town)
    handler = employ(town.node(TOWN), "auditor")
    repair_event(
        town.node(TOWN), replace(handler, roles=frozenset({"intake_officer"})), the_refused(town), {"text": "Sửa"}
    )
    town.sync()
    assert refusals(town.node(TOWN))["report.noted"] in (("denied", "role_missing"), ("held", "blocked_by_earlier"))
    repair(town, text="Sửa lần hai")
    town.sync()
    town.sync()
    assert texts(town, found) == ["Sửa lần hai", "Đợi"]
    assert refusals(town.node(TOWN)) == {}


def test_what_the_centre_has_taken_meanwhile_is_neither_repaired_nor_given_up(
    town: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = town.record(TOWN)
    with monkeypatch.context() as older:
        older.setattr(ingest, "KIND_VERSIONS", {**ingest.KIND_VERSIONS, "report.noted": 0})
        journal_event(town.node(TOWN), town.actor(TOWN), "report.noted", found.id, {"text": "Mới"})
        town.sync()
    dismiss(town)
    assert judge_held(town.centre) == 1
    town.sync()
    town.sync()
    assert texts(town, found) == ["Mới"] == texts(town, found, TOWN)
    assert refusals(town.node(TOWN)) == {}


def test_what_was_held_is_judged_after_an_upgrade_and_its_followers_with_it(
    town: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = town.record(TOWN)
    with monkeypatch.context() as older:
        older.setattr(ingest, "KIND_VERSIONS", {**ingest.KIND_VERSIONS, "report.rated": 0})
        journal_event(town.node(TOWN), town.actor(TOWN), "report.rated", found.id, {"score": "4"})
        town.amend(TOWN, found, village="Thôn 1")
        town.sync()
        assert judge_held(town.centre) == 0
    assert "rating" not in town.seen("1022", found)
    assert judge_held(town.centre) == 2
    town.sync()
    assert town.seen(TOWN, found)["rating"]["score"] == "4"
    assert town.seen(TOWN, found) == town.seen("1022", found)
    assert judge_held(town.centre) == 0


def test_a_role_that_was_taken_away_after_it_counts_for_what_was_held(
    town: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, found = town.node(TOWN), town.record(TOWN)
    officer = employ(node, "operator")
    with monkeypatch.context() as older:
        older.setattr(ingest, "KIND_VERSIONS", {**ingest.KIND_VERSIONS, "report.rated": 0})
        journal_event(node, officer, "report.rated", found.id, {"score": "4"})
        journal_event(node, town.actor(TOWN), "person.ended", officer.person, {})
        town.sync()
    assert judge_held(town.centre) == 1
    assert town.seen("1022", found)["rating"]["score"] == "4"


def test_what_does_not_fit_is_told_before_anything_is_journalled(town: Province) -> None:
    denied_report(town)
    with pytest.raises(InvalidFields) as invalid:
        repair(town, unit="2021:99999")
    assert set(invalid.value.problems) == {"unit"}
    with pytest.raises(Refused):
        repair_event(town.node(TOWN), somebody(town.node(TOWN), "auditor"), the_refused(town), {})
    with pytest.raises(InvalidFields):
        dismiss_event(town.node(TOWN), town.actor(TOWN), the_refused(town), "  ")
    assert refusals(town.node(TOWN))["report.recorded"] == ("denied", "role_missing")


def test_an_amendment_is_repaired_field_by_field(town: Province) -> None:
    found = town.record(TOWN)
    was = {"urgency": "0" * 16, "village": "x"}
    journal_event(
        town.node(TOWN), town.actor(TOWN), "report.amended", found.id,
        {"set": {"urgency": "very", "village": "Thôn 9"}, "was": was},
    )  # fmt: skip
    town.sync()
    repair(town, urgency="urgent")
    town.sync()
    assert town.seen("1022", found)["village"] == "Thôn 9"
    assert refusals(town.node(TOWN)) == {}


def test_both_are_audited(town: Province) -> None:
    bad_note(town)
    repair(town, text="Sửa")
    with town.node(TOWN).database.read() as db:
        assert db.value("SELECT count(*) FROM audit WHERE action = 'event.repaired'") == 1
