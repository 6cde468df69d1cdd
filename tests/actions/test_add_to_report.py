"""What is added to a report: every entry has its own id, so two people who write at once both keep what they wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.add_to_report import (
    call_report,
    inform_citizen,
    link_report,
    note_report,
    rate_report,
    relay_by_phone,
)
from intake_app.node import Node
from sync.errors import InvalidFields, Refused
from tests.creators import make_node, province, record, somebody, state_of

WHEN = "2021-12-05T09:10:00+07:00"


def test_a_note_is_kept_with_who_and_when(node: Node) -> None:
    report, me = record(node), somebody(node)
    note_report(node, me, report.id, "Đã hẹn thứ Hai", internal=False)
    note = state_of(node, report)["notes"][0]
    assert (note["text"], note["internal"], note["by"]) == ("Đã hẹn thứ Hai", False, me.person.hex())


def test_calls_relays_words_to_the_citizen_and_links_are_kept(node: Node) -> None:
    report, other, me = record(node), record(node), somebody(node)
    call_report(node, me, report.id, "out", "no_answer", next_try=WHEN)
    relay_by_phone(node, me, report.id, "Trực ban 115", WHEN, "Trần Thị Bình")
    inform_citizen(node, me, report.id, "phone", "Đã nghe")
    link_report(node, me, report.id, other.id, "same_matter")
    state = state_of(node, report)
    assert (state["calls"][0]["next_try"], state["relayed"][0]["to"]) == (WHEN, "Trực ban 115")
    assert (state["informed"][0]["result"], state["links"][0]["other"]) == ("Đã nghe", other.id.hex())


def test_notes_written_apart_are_both_kept(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        report = made.record("0380")
        made.sync()
        note_report(made.centre, made.actor("1022"), report.id, "Ở trung tâm")
        note_report(made.node("0380"), made.actor("0380"), report.id, "Ở huyện")
        made.sync()
        for office in ("1022", "0380"):
            assert [note["text"] for note in made.seen(office, report)["notes"]] == ["Ở trung tâm", "Ở huyện"]


def test_an_empty_note_is_refused(node: Node) -> None:
    report = record(node)
    with pytest.raises(InvalidFields):
        note_report(node, somebody(node), report.id, " \n ")
    assert "notes" not in state_of(node, report)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (call_report, ("sideways", "reached")),
        (call_report, ("out", "shouted")),
        (inform_citizen, ("pigeon",)),
        (relay_by_phone, ("115", "hôm qua", "Bình")),
        (link_report, (b"\1" * 16, "cousin_of")),
    ],
)
def test_a_word_outside_its_closed_set_is_refused(node: Node, act: Any, words: tuple[Any, ...]) -> None:
    report = record(node)
    before = state_of(node, report)
    with pytest.raises(Refused):
        act(node, somebody(node), report.id, *words)
    assert state_of(node, report) == before


@pytest.mark.parametrize("role", ["office", "central"])
def test_a_note_that_is_too_long_is_told_how_long_it_may_be(tmp_path: Path, role: str) -> None:
    node = make_node(tmp_path, role, "1022" if role == "central" else "0380")
    report = record(node)
    with pytest.raises(Refused, match="too_long") as refusal:
        note_report(node, somebody(node), report.id, "x" * 5001)
    node.close()
    assert refusal.value.params["max"] == 5000


def test_a_note_larger_than_any_event_may_be_is_refused_like_one_that_is_a_little_too_long(node: Node) -> None:
    with pytest.raises(InvalidFields) as refused:
        note_report(node, somebody(node), record(node).id, "x" * 100_000)
    assert refused.value.problems["text"].code == "too_long"


def test_an_auditor_adds_nothing(node: Node) -> None:
    report = record(node)
    with pytest.raises(Refused, match="not_allowed"):
        note_report(node, somebody(node, "auditor"), report.id, "Đã xem")


def test_nothing_is_added_to_a_report_that_is_not_here(node: Node) -> None:
    with pytest.raises(Refused, match="no_such_report"):
        note_report(node, somebody(node), b"\0" * 16, "Xin chào")


def test_only_a_citizen_who_was_told_rates_and_the_last_rating_stands(node: Node) -> None:
    report, me = record(node), somebody(node, "operator")
    with pytest.raises(Refused, match="not_told_yet"):
        rate_report(node, me, report.id, "4")
    inform_citizen(node, me, report.id, "phone", "Đã nghe")
    rate_report(node, me, report.id, "2", "Chậm")
    rate_report(node, me, report.id, "4")
    assert state_of(node, report)["rating"] == {"score": "4"}


def test_rating_by_anybody_but_an_operator_is_refused(node: Node) -> None:
    report = record(node)
    inform_citizen(node, somebody(node), report.id, "phone", "Đã nghe")
    with pytest.raises(Refused, match="not_allowed"):
        rate_report(node, somebody(node, "commune_officer"), report.id, "4")
