"""A report flies to and fro at most twice; then whoever has it keeps it."""

from __future__ import annotations

from typing import Any

from sync.event import Event
from sync.ingest import judge
from sync.permission import Person, Writer
from sync.returns import is_kept, returns_of
from sync.routing import Places
from sync.workflow import ROLES

NODE, PERSON, REPORT = b"\1" * 16, b"\2" * 16, b"\3" * 16
FIRST = {
    "channel": "phone", "topic": "price_fraud", "summary": "Giá cao", "unit": "2021:14758", "tracking_code": "038040277158",
    "office": "0380", "received_at": "2021-12-05T09:00:00+07:00",
}  # fmt: skip


def event(kind: str, opened: dict[str, Any], number: int) -> Event:
    ident = REPORT if kind == "report.recorded" else bytes([number]) * 16
    return Event(ident, kind, 1, REPORT, PERSON, number, b"boot", 0, opened, {})


def walked(*steps: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    state = judge(None, event("report.recorded", FIRST, 1), NODE).state
    for number, (step, details) in enumerate(steps, 10):
        assert state is not None
        opened = {"step": step, "from": state["status"], **details}
        outcome = judge(state, event("report.stepped", opened, number), NODE)
        assert outcome.verdict == "applied"
        state = outcome.state
    assert state is not None
    return state


def to(agency: str) -> tuple[str, dict[str, Any]]:
    return "route", {"agency": agency}


def back(proposed: str = "") -> tuple[str, dict[str, Any]]:
    return "return", {"reason": "Không thuộc thẩm quyền", **({"agency": proposed} if proposed else {})}


def verdict_of_return(state: dict[str, Any]) -> tuple[str, str]:
    return verdict_of(state, "routed", "return", reason="Không phải của chúng tôi")


def verdict_of(state: dict[str, Any], leaves: str, step: str, **details: Any) -> tuple[str, str]:
    person = Person(frozenset(ROLES), "1022", "", False)
    places = Places(lambda unit: frozenset())
    writer = Writer(person, "1022", "", True, frozenset(), places, True)
    opened = {"step": step, "from": leaves, **details}
    outcome = judge(state, event("report.stepped", opened, 99), NODE, writer=writer)
    return outcome.verdict, outcome.code


def test_each_return_tells_who_why_and_where_to() -> None:
    found = returns_of(walked(to("SYT"), back("SCT"), to("SCT"), back()))
    assert [(each.agency, each.proposed) for each in found] == [("SYT", "SCT"), ("SCT", "")]


def test_after_two_returns_the_third_is_denied_at_the_centre() -> None:
    assert verdict_of_return(walked(to("SYT"), back(), to("SCT"))) == ("applied", "")
    assert verdict_of_return(walked(to("SYT"), back(), to("SCT"), back(), to("SYT"))) == ("denied", "returned_twice")


def test_two_who_give_back_the_same_time_are_one_return() -> None:
    state = walked(to("SYT"), back(), to("SYT"), back())
    assert verdict_of_return(state) == ("merged", "")


def test_a_report_taken_up_again_begins_anew() -> None:
    steps = (to("SYT"), back(), to("SYT"), back(), to("SYT"), ("accept", {}), ("answer", {"answer": "Xong"}))
    state = walked(*steps, ("reopen", {"reason": "Chưa xong"}), to("SYT"))
    assert (returns_of(state), is_kept(state)) == ([], False)


def test_the_deadline_does_not_begin_anew_with_a_new_agency() -> None:
    deadline = "2021-12-20T17:00:00+07:00"
    state = walked(("route", {"agency": "SYT", "deadline": deadline}), back(), to("SCT"))
    assert state["deadline"] == deadline


SOON, LATE = "2021-12-20T17:00:00+07:00", "2021-12-31T17:00:00+07:00"


def test_a_report_that_was_given_back_gets_no_new_deadline_by_routing_it_again() -> None:
    state = walked(("route", {"agency": "SYT", "deadline": SOON}), back())
    assert verdict_of(state, "returned", "route", agency="SCT", deadline=LATE) == ("denied", "deadline_stays")
    assert verdict_of(state, "returned", "route", agency="SCT", deadline=SOON) == ("applied", "")
    assert verdict_of(state, "returned", "route", agency="SCT") == ("applied", "")


def test_a_deadline_may_be_set_where_none_was_or_the_report_was_taken_up_again() -> None:
    assert verdict_of(walked(to("SYT"), back()), "returned", "route", agency="SCT", deadline=LATE) == ("applied", "")
    done = (("route", {"agency": "SYT", "deadline": SOON}), back(), to("SYT"), ("accept", {}), ("answer", {"answer": "Xong"}))
    again = walked(*done, ("reopen", {"reason": "Chưa xong"}))
    assert verdict_of(again, "reopened", "route", agency="SCT", deadline=LATE) == ("applied", "")


def test_what_an_older_program_did_already_is_folded_as_it_was() -> None:
    state = walked(("route", {"agency": "SYT", "deadline": SOON}), back(), ("route", {"agency": "SCT", "deadline": LATE}))
    assert (state["lead_agency"], state["deadline"]) == ("SCT", LATE)
