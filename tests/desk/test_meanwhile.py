"""What happened between opening a form and sending it."""

from __future__ import annotations

from typing import Any

from intake_app.desk.meanwhile import Moved, happened_since, mark_of, moved


def entry(tail: str, at: int, **more: Any) -> dict[str, Any]:
    return {"id": "0" * 24 + tail, "at": at, "by": "aa", "kind": "report.stepped", **more}


STATE = {"history": [entry("00000001", 10)], "notes": [entry("00000002", 20)]}


def test_nothing_has_happened_to_a_report_as_it_was_seen() -> None:
    assert happened_since(STATE, mark_of(STATE)) == []


def test_what_came_meanwhile_is_told_even_if_it_is_dated_earlier() -> None:
    later = {**STATE, "notes": [*STATE["notes"], entry("00000003", 5)]}
    assert [moment.at for moment in happened_since(later, mark_of(STATE))] == [5]


def test_a_form_without_a_mark_stops_nobody() -> None:
    assert happened_since(STATE, None) == []


def test_a_report_seen_before_anything_happened_tells_all() -> None:
    assert len(happened_since(STATE, mark_of({}))) == 2


def test_only_fields_about_to_be_changed_count_as_moved() -> None:
    seen, known = {"summary": "a", "unit": "x"}, {"summary": "b", "unit": "y"}
    assert moved(seen, known, ["summary"]) == [Moved("summary", "a", "b")]


def test_a_field_filled_in_meanwhile_has_moved() -> None:
    assert moved({}, {"address": "12 Lê Lợi"}, ["address"]) == [Moved("address", None, "12 Lê Lợi")]
