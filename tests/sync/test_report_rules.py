"""What each kind of event does to a report, and which content no rule allows."""

from __future__ import annotations

from typing import Any

import pytest

from sync.event import Event
from sync.ingest import judge
from sync.outcome import Added, Outcome
from sync.report import LIST_MAX
from tests.sync.histories import AT_MS, REPORT, amendment, fold, history, make, node_of, recorded

GROWING = {
    "report.noted": ("notes", {"text": "Đã gọi"}),
    "report.called": ("calls", {"direction": "out", "result": "no_answer"}),
    "report.linked": ("links", {"other": "ab" * 16, "relation": "same_matter"}),
    "report.informed": ("informed", {"means": "phone"}),
    "report.relayed": ("relayed", {"to": "Công an phường", "by_whom": "Bình"}),
}
REGISTERS = {
    "report.rated": ("rating", {"score": "4"}, {"score": "2"}),
    "report.publicity_set": ("publicity", {"public": True}, {"public": False}),
    "report.paused": ("paused", {"reason": "Chờ mưa tạnh"}, {"reason": "Chờ vật tư"}),
}


def state_of(*events: Event) -> dict[str, Any]:
    state = fold([("A", event) for event in (recorded(), *events)])[-1].state
    assert state is not None
    return state


def after(*events: Event) -> Outcome:
    return fold([("A", event) for event in (recorded(), *events)])[-1]


def test_a_recorded_report_holds_what_was_said_and_when_it_came() -> None:
    state = judge(None, recorded(private={"phone": "+84912345678"}), node_of("A"), Added(AT_MS, -90)).state or {}
    assert (state["status"], state["at_centre"], state["clock_offset_seconds"]) == ("received", AT_MS, -90)
    assert state["reporter"] == {"phone": "+84912345678"}


def test_a_pending_report_does_not_say_that_it_is_at_the_centre() -> None:
    assert "at_centre" not in (judge(None, recorded(), node_of("A")).state or {})


@pytest.mark.parametrize("opening", ["answered_on_spot", "guided"])
def test_a_report_may_open_as_answered_or_guided(opening: str) -> None:
    state = fold([("A", recorded(opening=opening, answer_text="Mở cửa 7 giờ", procedure="Khai sinh"))])[-1].state or {}
    assert (state["status"], state["answer"]["text"], state["procedure"]) == (opening, "Mở cửa 7 giờ", "Khai sinh")


def test_the_same_report_again_is_refused_and_changes_nothing() -> None:
    outcomes = fold([("A", recorded()), ("B", recorded(summary="Khác"))])
    assert (outcomes[1].verdict, outcomes[1].code) == ("quarantined", "other_payload")
    assert outcomes[1].state == outcomes[0].state


@pytest.mark.parametrize(
    "changes",
    [
        {"summary": ""}, {"summary": None}, {"summary": "x" * 121}, {"summary": "a\x00b"}, {"summary": 7}, {"unit": "x"},
        {"urgency": "very"}, {"office": "38"}, {"tracking_code": "1"}, {"received_at": "hôm qua"}, {"answers": []},
        {"answers": {"a": 1.5}}, {"answers": {"a": 2**60}}, {"anonymous": 1}, {"vanished": "x"}, {"opening": "closed"},
    ],
    ids=str,
)  # fmt: skip
def test_a_report_that_does_not_fit_is_quarantined(changes: dict[str, Any]) -> None:
    assert judge(None, recorded(**changes), node_of("A")).verdict == "quarantined"


@pytest.mark.parametrize(
    "private", [{"phone": "điện thoại"}, {"summary": "x"}, {"national_id": "12"}, {"email": "@"}], ids=str
)
def test_a_reporter_who_does_not_fit_is_quarantined(private: dict[str, Any]) -> None:
    assert judge(None, recorded(private=private), node_of("A")).verdict == "quarantined"


@pytest.mark.parametrize("kind", ["report.amended", "report.noted", "report.stepped", "conflict.decided"])
def test_nothing_happens_to_a_report_that_does_not_exist(kind: str) -> None:
    outcome = judge(None, make(1, "A", kind, {}), node_of("A"))
    assert (outcome.verdict, outcome.code, outcome.state) == ("quarantined", "no_such_report", None)


@pytest.mark.parametrize("kind", GROWING)
def test_what_two_people_add_stands_side_by_side(kind: str) -> None:
    name, content = GROWING[kind]
    state = state_of(make(1, "A", kind, content), make(2, "B", kind, content))
    assert [entry["by"][:2] for entry in state[name]] == ["61", "62"]
    assert {key: state[name][0][key] for key in content} == content


@pytest.mark.parametrize("kind", GROWING)
def test_an_entry_that_is_there_already_is_merged(kind: str) -> None:
    name, content = GROWING[kind]
    outcome = after(make(1, "A", kind, content), make(1, "A", kind, content))
    assert outcome.verdict == "merged"
    assert len((outcome.state or {})[name]) == 1


@pytest.mark.parametrize("kind", GROWING)
def test_a_list_stops_growing_where_a_machine_has_gone_mad(kind: str) -> None:
    name, content = GROWING[kind]
    full = state_of() | {name: [{"id": str(at)} for at in range(LIST_MAX)]}
    assert judge(full, make(1, "A", kind, content), node_of("A")).verdict == "quarantined"


@pytest.mark.parametrize("kind", REGISTERS)
def test_of_a_register_the_last_stands_and_the_one_before_is_kept(kind: str) -> None:
    name, first, second = REGISTERS[kind]
    state = state_of(make(1, "A", kind, first), make(2, "B", kind, second))
    assert state[name] == second
    assert state["history"][-1]["was"] == {name: first}


def test_an_extension_moves_the_deadline_and_keeps_the_one_before() -> None:
    first, second = "2021-12-10T17:00:00+07:00", "2021-12-20T17:00:00+07:00"
    state = state_of(*(make(at, "A", "report.extended", {"deadline": day}) for at, day in ((1, first), (2, second))))
    assert (state["deadline"], state["history"][-1]["was"]["deadline"]) == (second, first)


@pytest.mark.parametrize("kind", [*GROWING, *REGISTERS])
def test_an_unknown_key_is_quarantined(kind: str) -> None:
    outcome = after(make(1, "A", kind, {"vanished": "x"}))
    assert (outcome.verdict, outcome.code) == ("quarantined", "unknown_key")


@pytest.mark.parametrize(
    ("opened", "private"),
    [
        ({"set": {"summary": "x"}}, {}),
        ({"set": {"summary": "x"}, "was": {}}, {}),
        ({"set": {"summary": None}, "was": {"summary": ""}}, {}),
        ({"set": {"summary": ""}, "was": {"summary": ""}}, {}),
        ({"set": {"source_id": "x"}, "was": {"source_id": ""}}, {}),
        ({"set": {"status": "closed"}, "was": {"status": ""}}, {}),
        ({"set": {"phone": "+84912345678"}, "was": {"phone": ""}}, {}),
        ({}, {"set": {"summary": "x"}, "was": {"summary": ""}}),
        ({"set": [], "was": []}, {}),
        ({"set": {"urgency": "very"}, "was": {"urgency": ""}}, {}),
    ],
    ids=str,
)
def test_an_amendment_that_does_not_fit_is_quarantined(opened: dict[str, Any], private: dict[str, Any]) -> None:
    outcome = after(make(1, "A", "report.amended", opened, private))
    assert outcome.verdict == "quarantined"
    assert outcome.state == state_of()


def test_an_amendment_remembers_what_it_replaced_and_why() -> None:
    state = state_of()
    change = amendment(1, "A", {"summary": "Giá rất cao"}, state)
    entry = state_of(change._replace(open={**change.open, "reason": "Gõ nhầm"}))["history"][-1]
    assert (entry["set"], entry["was"], entry["reason"]) == (
        {"summary": "Giá rất cao"},
        {"summary": "Giá cao"},
        "Gõ nhầm",
    )


def test_a_field_set_back_to_its_default_leaves_no_trace() -> None:
    told = history("A: reported; B: urgency=urgent; A: urgency=normal")
    assert "urgency" not in told.state
    assert told.state["history"][-1]["was"] == {"urgency": "urgent"}


def test_a_person_event_about_a_report_is_quarantined() -> None:
    outcome = after(make(1, "A", "person.changed", {"office": "0381"}))
    assert (outcome.verdict, outcome.state) == ("quarantined", state_of())


def test_a_report_event_about_a_person_is_quarantined() -> None:
    person = make(0, "A", "person.added", {"username": "binh", "name": "Bình", "office": "0380", "roles": ["approver"]})
    outcomes = fold([("A", person), ("A", make(1, "A", "report.noted", {"text": "x"}))])
    assert [outcome.verdict for outcome in outcomes] == ["applied", "quarantined"]


def test_a_person_is_added_changed_and_ended() -> None:
    added = make(0, "A", "person.added", {"username": "binh", "name": "Bình", "office": "0380", "roles": ["approver"]})
    steps = [added, make(1, "A", "person.changed", {"name": "Trần Bình"}), make(2, "A", "person.ended", {})]
    state = fold([("A", step) for step in steps])[-1].state or {}
    assert (state["name"], state["username"], state["active"]) == ("Trần Bình", "binh", False)


@pytest.mark.parametrize(("kind", "version"), [("report.teleported", 1), ("report.noted", 2), ("article.published", 2)])
def test_what_a_later_version_will_understand_is_held(kind: str, version: int) -> None:
    outcome = after(make(1, "A", kind, {"text": "x"})._replace(version=version))
    assert (outcome.verdict, outcome.code, outcome.state) == ("held", "unknown_kind", state_of())


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "value", [None, 7, [], {}, deep(200), 1.5, True, "x" * 70_000, 2**70], ids=lambda value: type(value).__name__
)
@pytest.mark.parametrize("kind", [*GROWING, *REGISTERS, "report.stepped", "report.amended", "conflict.decided"])
def test_no_shape_of_content_breaks_the_rules(kind: str, value: Any) -> None:
    for key in ("text", "set", "step", "conflicts", "field"):
        outcome = after(make(1, "A", kind, {key: value}))
        assert outcome.verdict in ("applied", "merged", "quarantined")
        assert (outcome.state or {})["summary"] == "Giá cao"


def test_an_event_that_names_another_entity_cannot_record_a_report() -> None:
    assert judge(None, recorded()._replace(entity=bytes(16)), node_of("A")).verdict == "quarantined"
    assert recorded().entity == REPORT
