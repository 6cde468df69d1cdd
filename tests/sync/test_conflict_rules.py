"""Who wins when two people change one report unseen by each other: nobody, a person decides."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.conflict import value_of
from tests.sync.histories import Told, fold, history, make, node_of, recorded


def rows(told_state: dict) -> list[tuple]:  # type: ignore[type-arg]
    return [(row["field"], row["other"], row["node"][:2]) for row in told_state.get("conflicts", ())]


def test_a_change_of_what_its_author_saw_applies() -> None:
    told = history("A: reported; B: summary=x; A: summary=y")
    assert told.verdicts == ["applied", "applied", "applied"]
    assert told.state["summary"] == "y"


def test_two_changes_of_one_field_unseen_by_each_other_become_a_conflict() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=y")
    assert (told.verdicts[-1], told.state["summary"]) == ("conflict", "x")
    assert rows(told.state) == [("summary", "y", "41")]


def test_the_conflict_says_what_both_had_seen() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=y")
    assert told.state["conflicts"][0]["replaced"] == "Giá cao"


def test_the_same_change_from_two_sides_is_no_conflict() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=x")
    assert told.verdicts[-1] == "merged"
    assert "conflicts" not in told.state


def test_different_fields_never_conflict() -> None:
    told = history("A: reported; B: summary=x; A~1: village=Thôn 1; C~1: name=Bình")
    assert told.verdicts == ["applied"] * 4
    assert (told.state["village"], told.state["reporter"]["name"]) == ("Thôn 1", "Bình")


def test_the_other_fields_of_a_contested_change_still_apply() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=y, village=Thôn 1")
    assert (told.verdicts[-1], told.state["village"]) == ("conflict", "Thôn 1")
    assert told.state["history"][-1]["set"] == {"village": "Thôn 1"}


def test_a_later_edit_of_the_same_machine_moves_its_side_of_the_open_row() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=y; A~1: summary=z")
    assert rows(told.state) == [("summary", "z", "41")]


def test_a_third_machine_gets_a_row_of_its_own() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=y; C~1: summary=z")
    assert rows(told.state) == [("summary", "y", "41"), ("summary", "z", "43")]


def test_a_value_that_was_taken_away_unseen_is_contested_too() -> None:
    told = history("A: reported; A: village=Thôn 1; B: village=-; C~2: village=Thôn 2")
    assert told.verdicts[-1] == "conflict"
    assert rows(told.state) == [("village", "Thôn 2", "43")]


def test_taking_away_what_is_not_there_any_more_is_merged() -> None:
    assert history("A: reported; A: village=Thôn 1; B: village=-; C~2: village=-").verdicts[-1] == "merged"


def test_every_machine_gives_a_conflict_the_same_name() -> None:
    first, second = (history("A: reported; B: summary=x; A~1: summary=y").state for _ in range(2))
    assert first["conflicts"][0]["id"] == second["conflicts"][0]["id"]


@pytest.mark.parametrize(("value", "stands"), [("x", "x"), ("y", "y"), ("một giá trị khác", "một giá trị khác")])
def test_a_decision_closes_the_row_whatever_is_kept(value: str, stands: str) -> None:
    told = history(f"A: reported; B: summary=x; A~1: summary=y; C: decided summary={value}")
    assert (told.verdicts[-1], told.state["summary"], rows(told.state)) == ("applied", stands, [])


def test_a_decision_remembers_the_value_that_did_not_stand() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=y; C: decided summary=x")
    assert told.state["history"][-1]["others"] == ["y"]


def test_two_decisions_for_the_same_value_are_one() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=y; C: decided summary=y; B~3: decided summary=y")
    assert told.verdicts[-2:] == ["applied", "merged"]


def test_two_decisions_for_different_values_are_a_conflict_again() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=y; C: decided summary=y; B~3: decided summary=x")
    assert (told.verdicts[-1], told.state["summary"]) == ("conflict", "y")
    assert rows(told.state) == [("summary", "x", "42")]


def test_a_decision_on_something_that_has_moved_is_a_conflict_again() -> None:
    told = history("A: reported; B: summary=x; A~1: summary=y; B: summary=w; C~3: decided summary=y")
    assert (told.verdicts[-1], told.state["summary"]) == ("conflict", "w")


@pytest.mark.parametrize("field", ["tracking_code", "history", "office", "received_at", "status"])
def test_no_decision_can_empty_what_a_report_must_have(field: str) -> None:
    decided = make(2, "A", "conflict.decided", {"conflicts": ["0" * 32], "field": field, "value": None})
    outcome = fold([("A", recorded()), ("A", decided)])[-1]
    assert outcome.verdict == "quarantined"


def test_a_private_value_is_contested_as_any_other() -> None:
    told = history("A: reported; B: name=Bình; A~1: name=Mẫu")
    assert rows(told.state) == [("name", "Mẫu", "41")]
    assert told.state["reporter"] == {"name": "Bình"}


WORDS = st.sampled_from(["a", "b", "c"])
AUTHORS = st.sampled_from("ABC")
SCRIPTS = st.lists(st.tuples(AUTHORS, st.integers(1, 6), st.sampled_from(["summary", "village"]), WORDS), max_size=6)


@given(SCRIPTS)
def test_every_value_that_was_ever_confirmed_can_be_found(script: list[tuple[str, int, str, str]]) -> None:
    clauses = [f"{who}~{min(seen, at + 1)}: {field}={word}" for at, (who, seen, field, word) in enumerate(script)]
    told = history("; ".join(["A: reported", *clauses]))
    kept = str(told.state)
    for outcome in told.outcomes:
        for field in ("summary", "village"):
            value = value_of(outcome.state or {}, field)
            assert value is None or repr(value) in kept


@given(SCRIPTS)
def test_a_conflict_leaves_the_current_value_alone(script: list[tuple[str, int, str, str]]) -> None:
    clauses = [f"{who}~{min(seen, at + 1)}: {field}={word}" for at, (who, seen, field, word) in enumerate(script)]
    outcomes = history("; ".join(["A: reported", *clauses])).outcomes
    for before, after in zip(outcomes, outcomes[1:], strict=False):
        if after.verdict in ("conflict", "merged"):
            assert (before.state or {})["summary"] == (after.state or {})["summary"]


DOINGS = st.one_of(
    st.tuples(st.sampled_from(["summary", "village"]), WORDS).map("=".join),
    st.tuples(st.just("decided summary"), WORDS).map("=".join),
    st.sampled_from(["routed", "withdrawn", "rejected", "closed", "reopened", "answered", "accepted"]),
)
LIVES = st.lists(st.tuples(AUTHORS, st.integers(1, 6), DOINGS), max_size=7)


def lived(script: list[tuple[str, int, str]]) -> Told:
    return history(
        "; ".join(
            ["A: reported", *(f"{who}~{min(seen, at + 1)}: {what}" for at, (who, seen, what) in enumerate(script))]
        )
    )


@given(LIVES)
def test_whatever_crosses_no_value_is_lost_and_no_closed_row_comes_back(script: list[tuple[str, int, str]]) -> None:
    closed: set[str] = set()
    before: dict[str, Any] = {}
    told = lived(script)
    for outcome in told.outcomes:
        state = outcome.state or {}
        ids = {row["id"] for row in state.get("conflicts", ())}
        assert not ids & closed
        closed |= {row["id"] for row in before.get("conflicts", ())} - ids
        for field in ("summary", "village"):
            value = value_of(state, field)
            assert value is None or repr(value) in str(told.state)
        before = state


@given(LIVES)
def test_a_withdrawn_report_is_only_brought_back_by_a_decision(script: list[tuple[str, int, str]]) -> None:
    told = lived(script)
    for event, before, after in zip(told.events[1:], told.outcomes, told.outcomes[1:], strict=False):
        was, now = (before.state or {})["status"], (after.state or {})["status"]
        if was == "withdrawn" and now != was:
            assert (event.kind, now) in (("report.stepped", "closed"), ("conflict.decided", now))


@given(LIVES)
def test_a_step_either_leads_on_or_waits_for_a_person(script: list[tuple[str, int, str]]) -> None:
    told = lived(script)
    for event, before, after in zip(told.events[1:], told.outcomes, told.outcomes[1:], strict=False):
        if event.kind == "report.stepped" and after.verdict == "conflict":
            assert (before.state or {})["status"] == (after.state or {})["status"]
            assert any(row["event"] == event.id.hex() for row in (after.state or {})["conflicts"])


def test_the_state_given_is_never_changed() -> None:
    told = history("A: reported; B: summary=x")
    before = repr(told.state)
    fold([("A", make(9, "A", "report.noted", {"text": "x"}))], told.state)
    assert repr(told.state) == before
    assert node_of("A") != node_of("B")
