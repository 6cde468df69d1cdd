"""The deadline of a report: what moves it, what does not, and what is used up of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from intake_app.clock import from_iso, iso
from intake_app.store.deadlines import shipped
from sync.deadline import Deadline, Terms, clock_of, deadline, level_at, next_telling
from sync.deadline_rule import UNITS, rule_for
from sync.working_time import HOUR_MS, Calendar, ordinal_of

CALENDAR = Calendar(shipped("calendar"))
FEW = settings(max_examples=50)
MONDAY = "2025-03-10T09:00:00+07:00"


def rule(amount: int = 5, unit: str = "working_days", **more: Any) -> dict[str, Any]:
    return {"name": "x", "unit_of_time": unit, "amount": amount, "valid_from": "2000-01-01", "source": "x"} | more


def ms(text: str) -> int:
    return from_iso(f"{text}:00+07:00" if len(text) == 16 else text)


def report(*history: dict[str, Any], status: str = "received", **more: Any) -> dict[str, Any]:
    return {"topic": "price_fraud", "status": status, "received_at": MONDAY, "history": list(history)} | more


def step(name: str, at: str, before: str, to: str, **details: Any) -> dict[str, Any]:
    return {"kind": "report.stepped", "step": name, "at": ms(at), "from": before, "to": to, "details": details}


def paused(at: str) -> dict[str, Any]:
    return {"kind": "report.paused", "at": ms(at), "set": {"paused": {"reason": "Chờ"}}}


def resumed(at: str) -> dict[str, Any]:
    return {"kind": "report.resumed", "at": ms(at), "set": {"paused": None}}


def extended(at: str, until: str) -> dict[str, Any]:
    return {"kind": "report.extended", "at": ms(at), "set": {"deadline": f"{until}:00+07:00"}}


def at(now: str, state: dict[str, Any], *rules: dict[str, Any]) -> Deadline:
    return deadline(state, Terms(CALENDAR, rules or (rule(),)), ms(now))


def due(state: dict[str, Any], *rules: dict[str, Any]) -> str:
    found = at("2025-03-10T09:00", state, *rules).due
    return iso(found)[:16] if found is not None else ""


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (rule(4, "working_hours"), "2025-03-10T15:00"),
        (rule(8, "working_hours"), "2025-03-11T09:00"),
        (rule(1, "working_days"), "2025-03-11T17:30"),
        (rule(5, "working_days"), "2025-03-17T17:30"),
        (rule(4, "calendar_days"), "2025-03-14T17:30"),
        (rule(5, "calendar_days"), "2025-03-17T17:30"),  # a Saturday: the next day that is worked
        (rule(30, "hours"), "2025-03-11T15:00"),
    ],
)
def test_a_rule_gives_its_time_from_the_counter_on(of: dict[str, Any], expected: str) -> None:
    assert due(report(), of) == expected


def test_without_a_rule_and_without_a_word_there_is_no_deadline() -> None:
    found = deadline(report(), Terms(CALENDAR, ()), ms("2025-03-10T09:00"))
    assert (found.state, found.due, found.left) == ("none", None, None)


@pytest.mark.parametrize(
    ("now", "state"),
    [("2025-03-13T09:00", "on_track"), ("2025-03-17T08:00", "due_soon"), ("2025-03-17T17:31", "overdue")],
)
def test_what_is_open_is_on_track_then_due_soon_then_overdue(now: str, state: str) -> None:
    assert at(now, report(), rule(soon=1)).state == state


def test_what_is_used_up_and_left_is_working_time() -> None:
    found = at("2025-03-12T09:00", report())
    assert (found.used, found.left) == (16 * HOUR_MS, 32 * HOUR_MS - 3 * HOUR_MS // 2)


@pytest.mark.parametrize("why", ["paused", "awaiting_info"])
def test_what_stands_still_is_never_overdue(why: str) -> None:
    stop = (
        paused("2025-03-12T09:00") if why == "paused" else step("ask", "2025-03-12T09:00", "received", "awaiting_info")
    )
    more = {"paused": {"reason": "Chờ"}} if why == "paused" else {"status": "awaiting_info", "asked_from": "received"}
    found = at("2026-03-12T09:00", report(stop, **more))
    assert (found.state, found.stopped_since, found.used) == ("paused", ms("2025-03-12T09:00"), 16 * HOUR_MS)


def test_a_pause_moves_the_deadline_by_the_working_time_it_took() -> None:
    stop = (paused("2025-03-11T09:00"), resumed("2025-03-13T09:00"))
    assert due(report(*stop)) == "2025-03-19T17:30"
    assert due(report(*stop), rule(9, "working_hours")) == "2025-03-13T10:00"


def test_a_pause_and_a_question_at_the_same_time_count_once() -> None:
    both = (
        paused("2025-03-11T09:00"), step("ask", "2025-03-11T14:00", "received", "awaiting_info"),
        resumed("2025-03-12T09:00"), step("supply", "2025-03-13T09:00", "awaiting_info", "received"),
    )  # fmt: skip
    assert due(report(*both)) == due(report(paused("2025-03-11T09:00"), resumed("2025-03-13T09:00")))


def test_a_pause_after_the_end_of_the_time_does_not_make_it_good() -> None:
    stop = (paused("2025-03-18T09:00"), resumed("2025-03-20T09:00"))
    found = at("2025-03-20T10:00", report(*stop))
    assert (found.state, iso(found.due or 0)[:16]) == ("overdue", "2025-03-17T17:30")


def test_a_report_sent_back_and_routed_again_gets_no_new_time() -> None:
    way = (
        step("route", "2025-03-11T09:00", "received", "routed", agency="SYT", deadline="2025-03-14T17:00:00+07:00"),
        step("return", "2025-03-13T09:00", "routed", "returned", reason="Không thuộc thẩm quyền"),
        step("route", "2025-03-13T10:00", "returned", "routed", agency="SCT", deadline="2025-03-31T17:00:00+07:00"),
    )
    assert due(report(*way[:1], status="routed")) == "2025-03-14T17:00"
    assert due(report(*way, status="routed")) == "2025-03-17T17:30"


def test_only_an_extension_gives_more_time() -> None:
    found = at("2025-03-20T09:00", report(extended("2025-03-14T09:00", "2025-03-31T17:00")))
    assert (found.state, iso(found.due or 0)[:16]) == ("on_track", "2025-03-31T17:00")


def test_an_extension_made_while_it_stands_still_counts_from_when_it_goes_on() -> None:
    way = (paused("2025-03-11T09:00"), extended("2025-03-12T09:00", "2025-03-21T17:00"), resumed("2025-03-13T09:00"))
    assert due(report(*way)) == "2025-03-24T17:00"


@pytest.mark.parametrize(("at_day", "state"), [("2025-03-17", "on_time"), ("2025-03-18", "late")])
def test_an_answered_report_was_answered_on_time_or_late(at_day: str, state: str) -> None:
    answer = step("answer", f"{at_day}T16:00", "in_progress", "answered")
    closed = step("close", "2025-06-01T08:00", "answered", "closed")
    found = at("2025-06-02T08:00", report(answer, closed, status="closed"))
    assert (found.state, found.ended) == (state, ms(f"{at_day}T16:00"))


def test_a_report_answered_at_the_counter_is_on_time() -> None:
    assert at("2026-01-01T08:00", report(status="answered_on_spot")).state == "on_time"


def test_taking_a_report_up_again_begins_a_new_time() -> None:
    way = (
        step("answer", "2025-03-12T09:00", "in_progress", "answered"),
        step("reopen", "2025-06-02T09:00", "answered", "reopened", reason="Chưa sửa"),
    )
    given = extended("2025-03-11T09:00", "2025-12-31T17:00"), *way
    assert at("2025-06-03T09:00", report(*given, status="reopened")) == at("2025-06-03T09:00", report(*way, status="reopened"))
    found = at("2025-06-03T09:00", report(*way, status="reopened"))
    assert (found.state, iso(found.due or 0)[:16], found.used) == ("on_track", "2025-06-09T17:30", 8 * HOUR_MS)


def test_what_was_used_up_before_the_centre_had_it_is_told_apart() -> None:
    assert at("2025-03-13T09:00", report(at_centre=ms("2025-03-12T09:00"))).offline == 16 * HOUR_MS
    assert at("2025-03-13T09:00", report()).offline is None


def test_a_clock_that_was_wrong_at_the_counter_is_put_right() -> None:
    wrong = report(received_at="2024-03-10T09:00:00+07:00", clock_offset_seconds=-365 * 86_400)
    assert due(wrong) == due(report())


@pytest.mark.parametrize(
    ("topic", "urgency", "name"),
    [
        ("price_fraud", "urgent", "both"),
        ("other", "urgent", "urgency"),
        ("price_fraud", "normal", "topic"),
        ("other", "normal", "any"),
    ],
)
def test_the_rule_that_says_most_counts_and_urgency_before_topic(topic: str, urgency: str, name: str) -> None:
    rules = [
        rule(name="any"), rule(name="topic", topic="price_fraud"), rule(name="urgency", urgency="urgent"),
        rule(name="both", topic="price_fraud", urgency="urgent"),
    ]  # fmt: skip
    found = rule_for(rules, topic, urgency, "2025-03-10")
    assert found is not None and found["name"] == name


def test_an_emergency_does_not_get_the_days_of_its_topic() -> None:
    found = rule_for([rule(1, urgency="urgent"), rule(9, topic="price_fraud")], "price_fraud", "urgent", "2025-03-10")
    assert found is not None and found["amount"] == 1


def test_a_rule_holds_for_what_was_received_in_its_days() -> None:
    new = rule(1, valid_from="2025-03-11", name="new")
    assert due(report(), rule(), new) == "2025-03-17T17:30"
    assert due(report(received_at="2025-03-11T09:00:00+07:00"), rule(), new) == "2025-03-12T17:30"


def test_who_is_told_when() -> None:
    terms = Terms(CALENDAR, (rule(8, "working_hours", soon=2, escalate_at=[100, 150]),))
    clock = clock_of(report(), terms)
    times = [iso(next_telling(clock, level) or 0)[:16] for level in (0, 1, 100)]
    assert times == ["2025-03-10T17:00", "2025-03-11T09:00", "2025-03-11T15:00"]
    assert next_telling(clock, 150) is None
    levels = [
        level_at(clock, ms(now))
        for now in ("2025-03-10T10:00", "2025-03-10T17:10", "2025-03-11T10:00", "2025-03-12T10:00")
    ]
    assert levels == [0, 1, 100, 150]


STOPS = st.lists(st.integers(ms("2025-03-10T09:00"), ms("2025-04-20T09:00")), max_size=8, unique=True).map(sorted)
RULES = st.builds(rule, st.integers(1, 60), st.sampled_from(UNITS), soon=st.just(0))


def with_pauses(moments: list[int]) -> dict[str, Any]:
    kinds = [paused, resumed] * 4
    history = [kind(iso(each)) for kind, each in zip(kinds, moments, strict=False)]
    return report(*history, **({"paused": {"reason": "x"}} if len(moments) % 2 else {}))


@FEW
@given(RULES, STOPS, STOPS)
def test_more_pause_never_makes_it_earlier(of: dict[str, Any], few: list[int], more: list[int]) -> None:
    assume(len(few) % 2 == 0 and len(more) % 2 == 0)
    first, last = with_pauses(few[:2]), with_pauses(few[:2])
    last["history"] = sorted([*last["history"], *with_pauses(more[:2])["history"]], key=lambda entry: entry["at"])
    kinds = [entry["kind"] for entry in last["history"]]
    assume(kinds == ["report.paused", "report.resumed"] * (len(kinds) // 2))
    assert clock_of(first, Terms(CALENDAR, (of,))).due <= clock_of(last, Terms(CALENDAR, (of,))).due


@FEW
@given(RULES, STOPS, st.integers(0, 30 * 24 * HOUR_MS))
def test_what_is_used_and_what_is_left_make_the_whole(of: dict[str, Any], stops: list[int], later: int) -> None:
    terms = Terms(CALENDAR, (of,))
    now = max(stops, default=ms(MONDAY)) + later
    found, clock = deadline(with_pauses(stops), terms, now), clock_of(with_pauses(stops), terms)
    assume(found.left is not None and found.left > 0)
    assert found.used + found.left == clock.used_by(clock.due or 0)


@FEW
@given(RULES, STOPS)
def test_a_deadline_by_a_rule_lies_within_office_hours(of: dict[str, Any], stops: list[int]) -> None:
    assume(of["unit_of_time"] != "hours")
    found = clock_of(with_pauses(stops), Terms(CALENDAR, (of,))).due
    assert found is not None
    within = found - from_iso(iso(found)[:10] + "T00:00:00+07:00")
    assert any(begin < within <= close for begin, close in CALENDAR.day(ordinal_of(found)).spans)


@FEW
@given(RULES, st.integers(1, 364))
def test_a_later_holiday_never_makes_a_deadline_earlier(of: dict[str, Any], day: int) -> None:
    off = {"day": iso(ms("2025-01-01T00:00") + day * 24 * HOUR_MS)[:10], "name": "x"}
    sheet = shipped("calendar")[2]
    more = Calendar([*shipped("calendar"), sheet | {"holidays": [*sheet["holidays"], off], "make_up_days": []}])
    less = Calendar([*shipped("calendar"), sheet | {"make_up_days": []}])
    assert clock_of(report(), Terms(less, (of,))).due <= clock_of(report(), Terms(more, (of,))).due
