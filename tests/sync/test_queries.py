"""What the centre sends back to an office: the two events, who may write them, and what they fold to."""

from __future__ import annotations

from typing import Any

import pytest

from sync.event import Event
from sync.ingest import judge
from sync.queries import amended_since, open_queries
from tests.sync.histories import history, make, node_of
from tests.sync.test_permission import CENTRE, ELSEWHERE, HERE, code_of, person

ASKED = make(5, "C", "report.queried", {"reason": "Ghi lại số nhà"})
QUERY = ASKED.id.hex()


def settling(number: int = 6, **changes: Any) -> Event:
    opened = {"query": QUERY, "how": "noted", "text": "Không có số nhà"} | changes
    return make(number, "A", "report.query_settled", {key: value for key, value in opened.items() if value})


def asked() -> dict[str, Any]:
    state = judge(history("A: reported").state, ASKED, node_of("C")).state
    assert state is not None
    return state


def test_a_report_sent_back_keeps_its_status_and_waits_for_its_office() -> None:
    state = asked()
    assert state["status"] == "received"
    assert [one["reason"] for one in open_queries(state)] == ["Ghi lại số nhà"]


def test_settling_closes_the_query_and_says_how() -> None:
    outcome = judge(asked(), settling(), node_of("A"))
    assert outcome.verdict == "applied" and outcome.state is not None
    assert open_queries(outcome.state) == []
    assert outcome.state["queries"][0]["settled"]["text"] == "Không có số nhà"


def test_the_first_who_settles_stands_and_the_second_is_kept_in_the_history() -> None:
    once = judge(asked(), settling(), node_of("A")).state
    twice = judge(once, settling(7, text="Đã hỏi lại"), node_of("A")).state
    assert twice is not None
    assert twice["queries"][0]["settled"]["text"] == "Không có số nhà"
    assert [entry["text"] for entry in twice["history"] if entry["kind"] == "report.query_settled"] == [
        "Không có số nhà",
        "Đã hỏi lại",
    ]


@pytest.mark.parametrize("opened", [{"how": None}, {"text": None}, {"how": "đã sửa"}, {"query": "0" * 32}])
def test_a_settling_that_says_nothing_or_names_nothing_is_set_apart(opened: dict[str, Any]) -> None:
    assert judge(asked(), settling(**opened), node_of("A")).verdict == "quarantined"


def test_the_same_query_again_changes_nothing() -> None:
    assert judge(asked(), ASKED, node_of("C")).verdict == "merged"


def test_amended_since_goes_by_the_order_of_the_history() -> None:
    before = history("A: reported; A: summary=Một").state
    state = judge(before, ASKED, node_of("C")).state
    assert state is not None and not amended_since(state, QUERY)
    assert amended_since(state | {"history": [*state["history"], {"id": "f" * 32, "kind": "report.amended"}]}, QUERY)


def test_only_the_centre_sends_back() -> None:
    state = history("A: reported").state
    assert code_of(state, ASKED, person("dispatcher", office="1022"), CENTRE) == ""
    assert code_of(state, ASKED, person("dispatcher")) == "centre_sends_back"


def test_whoever_holds_the_report_settles_and_nobody_else() -> None:
    assert code_of(asked(), settling(), person("intake_officer"), HERE) == ""
    assert code_of(asked(), settling(), person("intake_officer", office="0381"), ELSEWHERE) == "never_held"
    assert code_of(asked(), settling(), person("approver")) == "role_missing"
