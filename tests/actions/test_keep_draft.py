from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from intake_app.actions.keep_draft import (
    BACK_MS,
    DRAFT_CHARACTERS_MAX,
    DRAFTS_MAX,
    discard_draft,
    keep_draft,
    own_draft,
    take_back,
)
from intake_app.actions.record_report import record_report
from intake_app.node import Actor, Node
from intake_app.store import drafts
from sync.errors import Refused
from tests import creators
from tests.postgres import postgres_address

KEY = "ab" * 16


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return creators.make_node(tmp_path)


@pytest.fixture
def lan(node: Node) -> Actor:
    return creators.somebody(node)


def of(node: Node, person: Actor, *, discarded: bool = False) -> list[str]:
    with node.database.read() as db:
        return [draft.value("summary") for draft in drafts.of_person(db, person.person, discarded=discarded)]


def refusal(*args: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as caught:
        keep_draft(*args, **kwargs)  # type: ignore[arg-type]
    return caught.value.code


def test_a_draft_is_there_after_the_node_was_opened_again(node: Node, lan: Actor, tmp_path: Path) -> None:
    keep_draft(node, lan, KEY, [("summary", "Gõ dở"), ("consent", "y")], 1)
    node.close()
    again = creators.make_node(tmp_path)
    assert own_draft(again, lan, KEY).fields == [("summary", "Gõ dở"), ("consent", "y")]


def test_a_draft_is_never_journalled(node: Node, lan: Actor) -> None:
    keep_draft(node, lan, KEY, [("summary", "Gõ dở")], 1)
    with node.database.read() as db:
        assert db.value("SELECT count(*) FROM journal") == 0


def test_a_saving_that_comes_late_undoes_nothing(node: Node, lan: Actor) -> None:
    keep_draft(node, lan, KEY, [("summary", "mới")], 2)
    assert refusal(node, lan, KEY, [("summary", "cũ")], 1) == "draft_open_elsewhere"
    assert of(node, lan) == ["mới"]


def test_a_saving_without_scripts_is_always_the_newest(node: Node, lan: Actor) -> None:
    keep_draft(node, lan, KEY, [("summary", "một")], 7)
    keep_draft(node, lan, KEY, [("summary", "hai")])
    assert of(node, lan) == ["hai"]


def test_nobody_else_reads_or_changes_a_draft(node: Node, lan: Actor) -> None:
    keep_draft(node, lan, KEY, [("summary", "của Lan")], 1)
    other = creators.somebody(node, name="Người khác")
    assert refusal(node, other, KEY, [("summary", "x")], 9) == "no_such_draft"
    for act in (own_draft, discard_draft, take_back):
        with pytest.raises(Refused, match="no_such_draft"):
            act(node, other, KEY)
    assert of(node, lan) == ["của Lan"]


def test_recording_deletes_the_draft_for_good_and_a_late_saving_leads_to_the_report(node: Node, lan: Actor) -> None:
    keep_draft(node, lan, KEY, [("summary", "Gõ dở")], 1)
    made = record_report(node, lan, creators.make_line(), draft=KEY)
    assert keep_draft(node, lan, KEY, [("summary", "muộn")], 2).recorded == made.id
    assert of(node, lan) + of(node, lan, discarded=True) == []


def test_the_same_draft_sent_twice_is_one_report(node: Node, lan: Actor) -> None:
    first, second = (record_report(node, lan, creators.make_line(), draft=KEY) for _ in range(2))
    assert (first.id, second.known) == (second.id, True)


def test_a_draft_thrown_away_comes_back_within_a_day(node: Node, lan: Actor) -> None:
    keep_draft(node, lan, KEY, [("summary", "Gõ dở")], 1)
    discard_draft(node, lan, KEY)
    assert (of(node, lan), of(node, lan, discarded=True)) == ([], ["Gõ dở"])
    take_back(node, lan, KEY)
    assert of(node, lan) == ["Gõ dở"]


def test_only_what_was_thrown_away_goes_by_itself(node: Node, lan: Actor) -> None:
    other = "cd" * 16
    keep_draft(node, lan, KEY, [("summary", "để lâu")], 1)
    keep_draft(node, lan, other, [("summary", "bỏ")], 1)
    discard_draft(node, lan, other)
    node.clock.at_ms += 40 * BACK_MS  # type: ignore[attr-defined]
    keep_draft(node, lan, "ef" * 16, [("summary", "mới")], 1)
    assert (sorted(of(node, lan)), of(node, lan, discarded=True)) == (["mới", "để lâu"], [])


def test_drafts_have_limits_in_number_and_length(node: Node, lan: Actor) -> None:
    for number in range(DRAFTS_MAX):
        keep_draft(node, lan, f"{number:032x}", [("summary", "x")], 1)
    assert refusal(node, lan, KEY, [("summary", "x")], 1) == "too_many_drafts"
    assert refusal(node, lan, KEY, [("details", "x" * DRAFT_CHARACTERS_MAX)], 1) == "draft_too_long"
    assert refusal(node, lan, "not a key", [], 1) == "no_such_draft"


@pytest.mark.parametrize("database", creators.BOTH)
def test_the_centre_keeps_drafts_on_every_database(tmp_path: Path, database: str) -> None:
    address = postgres_address() if database == creators.POSTGRES else None
    with closing(creators.make_node(tmp_path, "central", "1022", address=address)) as centre:
        operator = creators.somebody(centre)
        keep_draft(centre, operator, KEY, [("summary", "Gõ dở")], 1)
        keep_draft(centre, operator, KEY, [("summary", "Gõ tiếp")], 2)
        made = record_report(centre, operator, creators.make_line(), draft=KEY)
        assert keep_draft(centre, operator, KEY, [], 3).recorded == made.id
