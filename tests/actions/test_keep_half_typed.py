"""What is half typed about a report is one person's, goes when it was sent, and is not kept for ever."""

from __future__ import annotations

import pytest

from intake_app.actions.keep_draft import DRAFT_CHARACTERS_MAX
from intake_app.actions.keep_half_typed import KEEP_MS, PAGES_MAX, forget_half_typed, keep_half_typed
from intake_app.node import Actor, Node
from intake_app.store import half_typed
from intake_app.store.drafts import Typed
from sync.errors import Refused
from tests.creators import somebody

PAGE = f"/reports/{'ab' * 16}/note"


@pytest.fixture
def lan(node: Node) -> Actor:
    return somebody(node)


def left(node: Node, person: Actor, page: str = PAGE) -> Typed | None:
    with node.database.read() as db:
        found = half_typed.find(db, person.person, page)
    return found.fields if found else None


def test_the_last_words_of_a_form_are_kept_for_their_writer_alone(node: Node, lan: Actor) -> None:
    keep_half_typed(node, lan, PAGE, [("text", "một")])
    keep_half_typed(node, lan, PAGE, [("text", "một hai"), ("audience", "internal")])
    assert left(node, lan) == [("text", "một hai"), ("audience", "internal")]
    assert left(node, somebody(node, name="Người khác")) is None


def test_what_was_sent_or_thrown_away_is_gone(node: Node, lan: Actor) -> None:
    keep_half_typed(node, lan, PAGE, [("text", "một")])
    keep_half_typed(node, lan, "/reports/x/call", [("text", "hai")])
    forget_half_typed(node, lan, PAGE)
    assert (left(node, lan), left(node, lan, "/reports/x/call")) == (None, [("text", "hai")])


def test_what_was_left_alone_for_a_week_goes(node: Node, lan: Actor) -> None:
    keep_half_typed(node, lan, PAGE, [("text", "một")])
    node.clock.at_ms += KEEP_MS + 1
    keep_half_typed(node, lan, "/reports/x/call", [("text", "hai")])
    assert left(node, lan) is None


def test_forms_in_hand_have_limits_in_number_and_length(node: Node, lan: Actor) -> None:
    for number in range(PAGES_MAX + 1):
        node.clock.at_ms += 1
        keep_half_typed(node, lan, f"/reports/{number}/note", [("text", str(number))])
    assert (left(node, lan, "/reports/0/note"), left(node, lan, "/reports/1/note")) == (None, [("text", "1")])
    with pytest.raises(Refused, match="draft_too_long"):
        keep_half_typed(node, lan, PAGE, [("text", "x" * DRAFT_CHARACTERS_MAX)])
    with pytest.raises(Refused, match="no_such_draft"):
        keep_half_typed(node, lan, "https://elsewhere.example", [])
