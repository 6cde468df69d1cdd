"""Routing rules: written at the centre, held by every node, checked against what is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forms.refusals import sentence
from intake_app.actions.publish_rule import (
    case_of,
    propose_route,
    publish_rule,
    publish_sample_rules,
    retire_rule,
)
from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store.articles import editions
from intake_app.store.rules import load_rule
from intake_app.store.shipped import DATA_FOLDER
from sync.errors import InvalidFields, Refused
from sync.routing_rule import Case
from tests.creators import DIRECTORY, Province, province

CONTENT: dict[str, Any] = {
    "name": "Giá cả",
    "topics": ["price_fraud"],
    "lead": "CQLTT",
    "supporting": ["SCT"],
    "valid_from": "2021-12-01",
}
CASE = Case("price_fraud", "2021:14758")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, "0380", "0381") as found:
        yield found


def publish(made: Province, rule: bytes | None = None, seen: int = 0, **changes: Any) -> bytes:
    return publish_rule(made.centre, made.actor("1022"), CONTENT | changes, rule, seen)


def leads(node: Node, case: Case = CASE) -> list[str]:
    return [fit.lead for fit in propose_route(node, case).best]


def test_a_rule_reaches_every_office_and_proposes_there_without_a_network(made: Province) -> None:
    publish(made)
    made.sync()
    assert [leads(node) for node in (made.centre, *made.offices.values())] == [["CQLTT"]] * 3


def test_what_is_retired_expired_or_yet_to_come_proposes_nothing(made: Province) -> None:
    retire_rule(made.centre, made.actor("1022"), publish(made), "Thay thế")
    publish(made, name="Cũ", valid_to="2021-12-02")
    publish(made, name="Mai", valid_from="2021-12-30")
    assert leads(made.centre) == []


def test_a_new_edition_takes_the_place_of_the_one_before_and_both_stay_in_the_history(made: Province) -> None:
    rule = publish(made)
    publish(made, rule, 1, lead="SCT", supporting=[])
    with made.centre.database.read() as db:
        found = load_rule(db, rule, "2021-12-05")
        assert found is not None
        kept = [(one.content["edition"], one.content["lead"]) for one in editions(db, found.no)]
    assert (leads(made.centre), kept) == (["SCT"], [(2, "SCT"), (1, "CQLTT")])


def test_who_was_second_is_told_and_overwrites_nothing(made: Province) -> None:
    rule = publish(made)
    publish(made, rule, 1, lead="SYT")
    with pytest.raises(Refused, match="edited_meanwhile"):
        publish(made, rule, 1, lead="CAT")
    assert leads(made.centre) == ["SYT"]


def test_a_code_of_an_older_program_still_has_its_words(made: Province) -> None:
    assert sentence("rule_edited_meanwhile", {"edition": 2}, str) == sentence("edited_meanwhile", {"edition": 2}, str)


def test_an_office_publishes_no_rule(made: Province) -> None:
    with pytest.raises(Refused, match="centre_only"):
        publish_rule(made.offices["0380"], made.actor("0380"), CONTENT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"lead": "MOON"}, "lead"), ({"supporting": ["MOON"]}, "supporting"), ({"unit": "2021:99999"}, "unit"),
     ({"topics": ["weather"]}, "topics"), ({"name": " "}, "name")],
)  # fmt: skip
def test_what_nobody_knows_is_refused_by_field(made: Province, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        publish(made, **changes)
    assert list(refused.value.problems) == [field]


def test_rows_of_rules_fit_their_states_and_are_made_anew(made: Province) -> None:
    publish(made)
    made.sync()
    with made.centre.database.transaction() as db:
        db.run("UPDATE routing_rule SET valid_to = '2021-01-01'")
    assert [each["what"] for each in verify_node(made.centre).problems] == ["rule_row_differs"]
    for node in (made.centre, *made.offices.values()):
        rebuild_rows(node)
        assert (verify_node(node).problems, leads(node)) == ([], ["CQLTT"])


def test_the_samples_fit_are_published_once_and_propose_for_every_topic_but_the_last(made: Province) -> None:
    lines = [json.loads(line) for line in (DATA_FOLDER / "sample_rules.jsonl").read_text("utf-8").splitlines()]
    assert [publish_sample_rules(made.centre, made.actor("1022"), lines) for _ in range(2)] == [len(lines), 0]
    without = [topic for topic in DIRECTORY.topics if not leads(made.centre, Case(topic, "2021:14758"))]
    assert without == ["other_directed"]


def test_what_is_asked_of_the_rules_is_what_the_report_says(made: Province) -> None:
    report = made.record("0380", urgency="urgent")
    assert case_of(made.seen("0380", report)) == Case("price_fraud", "2021:14758", "urgent")
