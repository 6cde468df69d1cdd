"""Two processes of one installation that talk at the same time: `sync` beside `serve`. Nothing is doubled or torn."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions.reconcile import reconcile
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store import lists
from sync.ports import Answer
from tests.creators import InProcess, Province, make_node, province


class Meanwhile(InProcess):
    """A line on which another process of the same installation talks while a request, or its answer, is on its way."""

    def __init__(self, centre: Node, other: Node, after: bool) -> None:
        super().__init__(centre)
        self.other, self.after = other, after

    def post(self, data: bytes) -> Answer:
        answer = super().post(data) if self.after else None
        reconcile(self.other, InProcess(self.centre), ignore_backoff=True)
        return answer or super().post(data)


def _all_is_well(made: Province, reports: int) -> bool:
    for node in (made.centre, made.node("0380")):
        with node.database.read() as db:
            if lists.count_reports(db) != reports:
                return False
    return all(verify_node(node).ok for node in (made.centre, made.node("0380")))


@pytest.mark.parametrize("after", [False, True])
def test_command_beside_the_server_doubles_nothing(tmp_path: Path, after: bool) -> None:
    with province(tmp_path) as made:
        for _ in range(3):
            made.record("0380")
        other = make_node(tmp_path / "0380", clock=made.clock)
        try:
            done = reconcile(made.node("0380"), Meanwhile(made.centre, other, after), ignore_backoff=True)
            assert done is not None and done.waiting == 0
            made.record("0380")
            found = made.record("1022", unit="2021:14758")
            reconcile(other, Meanwhile(made.centre, made.node("0380"), after), ignore_backoff=True)
            assert made.holds("0380", found) and _all_is_well(made, 5)
        finally:
            other.close()


def test_answer_to_an_old_question_that_arrives_last_takes_nothing_back(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        found = made.record("0380")
        other = make_node(tmp_path / "0380", clock=made.clock)
        line = Meanwhile(made.centre, other, after=True)
        made.sync()
        made.amend("0380", found, village="Thôn 7")
        try:
            reconcile(made.node("0380"), line, ignore_backoff=True)
        finally:
            other.close()
        assert made.seen("0380", found) == made.seen("1022", found) and _all_is_well(made, 1)
