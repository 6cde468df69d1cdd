"""What a person sees: the confirmed state with one's own pending work over it, however far the centre has come."""

from __future__ import annotations

import pytest

from sync.overlay import view
from tests.sync.histories import fold, history, make, node_of

OWN = "A"
STORIES = (
    "A: reported; A: summary=x; A: noted; A: routed",
    "A: reported; B: summary=x; A~1: summary=y",
    "A: reported; B: summary=x; A~1: summary=y; A~1: summary=z",
    "A: reported; B: summary=x; A~1: summary=y, village=Thôn 1; A~1: noted",
    "A: reported; C: rejected; A~1: answered",
    "A: reported; B: summary=x; A~1: summary=y; C: decided summary=y; A~3: decided summary=x",
    "A: reported; B: summary=x; A~1: summary=x; A: noted",
)


def test_nothing_pending_shows_what_is_confirmed() -> None:
    told = history("A: reported; B: summary=x")
    assert view(told.state, [], node_of(OWN)) is told.state


def test_what_is_pending_lies_over_what_is_confirmed() -> None:
    told = history("A: reported; B: summary=x; A: village=Thôn 1")
    confirmed = told.outcomes[1].state
    seen = view(confirmed, told.events[2:], node_of(OWN)) or {}
    assert (seen["summary"], seen["village"]) == ("x", "Thôn 1")


def test_a_report_that_only_this_machine_knows_is_seen() -> None:
    told = history("A: reported; A: summary=x")
    assert (view(None, told.events, node_of(OWN)) or {})["summary"] == "x"


@pytest.mark.parametrize("story", STORIES)
def test_pending_events_over_a_state_that_holds_them_already_change_nothing(story: str) -> None:
    """The page may come before the word that an event is settled."""
    told = history(story)
    own = [event for event in told.events if event.actor == OWN.lower().encode() * 16]
    assert view(told.state, own, node_of(OWN)) == told.state


@pytest.mark.parametrize("story", STORIES)
def test_what_was_pending_looks_the_same_once_it_is_confirmed(story: str) -> None:
    told = history(story)
    before = told.outcomes[-2].state
    assert view(before, told.events[-1:], node_of(OWN)) == told.state


def test_what_the_centre_will_not_take_leaves_the_view_as_it_was() -> None:
    told = history("A: reported; A: village=Thôn 1")
    poisoned = [make(7, OWN, "report.noted", {"text": 7}), make(8, OWN, "report.teleported", {})]
    assert view(told.state, poisoned, node_of(OWN)) == told.state
    assert fold([(OWN, told.events[0])])[0].verdict == "applied"
