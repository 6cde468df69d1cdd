"""An invariant that does not hold is kept and shown, never swallowed."""

from __future__ import annotations

import pytest

from intake_app.actions.node_status import node_status
from intake_app.actions.note_broken_promise import note_broken_promise
from intake_app.node import Node
from sync.errors import BrokenPromise, Refused


def test_broken_promise_shows_in_the_status(node: Node) -> None:
    assert node_status(node)["ok"]
    note_broken_promise(node, BrokenPromise("a seq is missing"))
    found = node_status(node)
    assert not found["ok"] and "broken_promise" in found["alarms"]


@pytest.mark.parametrize("problem", [Refused("no_such_report"), ValueError("x")])
def test_other_errors_are_no_broken_promise(node: Node, problem: Exception) -> None:
    note_broken_promise(node, problem)
    assert node_status(node)["ok"]
