"""A small segment is judged in the transaction that stores it; what breaks there costs the verdict, never the bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions import receive
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store import confirm
from tests.creators import province


def unjudged(centre: Node) -> int:
    with centre.database.read() as db:
        return int(db.value("SELECT count(*) FROM inbox_segment WHERE applied_ms IS NULL"))


def test_small_segment_needs_one_commit_and_no_drain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with province(tmp_path) as made:
        found = made.record("0380")
        monkeypatch.setattr(receive, "drain_inbox", lambda *args, **more: 0)
        made.sync()
        assert unjudged(made.centre) == 0 and made.seen("1022", found) == made.seen("0380", found)


def test_judging_that_breaks_leaves_bytes_that_are_judged_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with province(tmp_path) as made:
        found = made.record("0380")
        with monkeypatch.context() as broken:
            broken.setattr(confirm, "confirm_each", lambda *args: 1 / 0)
            broken.setattr(receive, "drain_inbox", lambda *args, **more: 0)
            made.sync()
        assert unjudged(made.centre) == 1 and not made.holds("1022", found)
        assert receive.drain_inbox(made.centre) == 1
        assert made.holds("1022", found) and verify_node(made.centre).ok


def test_reply_waits_for_no_other_nodes_backlog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with province(tmp_path, "0380", "0381") as made:
        made.record("0380")
        with monkeypatch.context() as dying:
            dying.setattr(receive, "_judge_with_it", lambda *args: None)
            dying.setattr(receive, "drain_inbox", lambda *args, **more: 0)
            made.sync("0380")
        found = made.record("0381")
        made.sync("0381")
        assert made.holds("1022", found) and unjudged(made.centre) == 1
        assert receive.drain_inbox(made.centre) == 1
