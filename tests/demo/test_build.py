"""The samples of the demo come as if they were of these days, whatever the day is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake_app.actions.record_report import record_lines
from intake_app.clock import from_iso
from intake_app.demo.build import brought_up
from intake_app.store.shipped import DATA_FOLDER
from sync.working_time import DAY_MS
from tests.creators import SetClock, make_node, somebody

SAMPLES = [json.loads(line) for line in (DATA_FOLDER / "samples.jsonl").read_text(encoding="utf-8").splitlines()]
NEWEST_MS = max(from_iso(line["received_at"]) for line in SAMPLES)


@pytest.mark.parametrize("now", ["2021-12-05T09:00:00+07:00", "2026-11-28T20:00:00+07:00"])
def test_all_samples_are_taken_and_the_newest_came_within_a_day(tmp_path: Path, now: str) -> None:
    node = make_node(tmp_path / "node", clock=SetClock(from_iso(now)))
    done = record_lines(node, somebody(node), brought_up(enumerate(SAMPLES, 1), NEWEST_MS, from_iso(now)))
    assert (done.recorded, list(done.refused)) == (len(SAMPLES), [])
    with node.database.read() as db:
        assert 0 <= from_iso(now) - db.value("SELECT max(received_ms) FROM report") < DAY_MS
