"""A centre that was filled by bulk is as whole as one that all of it was sent to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from intake_app.actions.verify_node import verify_node
from intake_app.store.lists import count_reports
from tests.benchmarks.fill_centre import _shares, fill_centre
from tests.creators import make_node


def test_filled_centre_verifies_whole_and_has_reports_in_every_standing(tmp_path: Path) -> None:
    node = make_node(tmp_path, "central", "1022")
    try:
        events = fill_centre(node, 120)
        assert verify_node(node).problems == []
        with node.database.read() as db:
            verdicts = Counter(row[0] for row in db.all("SELECT verdict FROM inbox_event"))
            statuses = {row[0] for row in db.all("SELECT DISTINCT status FROM report")}
            assert count_reports(db) == 120
        assert verdicts == {"applied": events + 6}  # and an account of each of six computers
        assert {"received", "answered", "answered_on_spot", "guided", "routed"} <= statuses
    finally:
        node.close()


def test_every_report_is_in_one_share_of_one_sender() -> None:
    numbers = [number for share in _shares(2_345, 7) for number in share]
    assert sorted(numbers) == list(range(2_345))
