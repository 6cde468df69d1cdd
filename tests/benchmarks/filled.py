"""An office that holds very many reports; filled once a process, since that takes most of a minute."""

from __future__ import annotations

import atexit
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from intake_app.actions.act_as import act_as
from intake_app.actions.record_report import record_lines
from intake_app.config import load_settings
from intake_app.node import open_node
from tests.benchmarks.generate import make_lines
from tests.processes.computer import Computer


@cache
def filled_office(reports: int) -> Computer:
    """The office; it goes when the process ends."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    office = Computer(Path(folder.name) / "office", "office", "0380")
    with closing(open_node(load_settings(office.folder))) as node:
        outcome = record_lines(node, act_as(node, None, "bench"), enumerate(make_lines(reports), 1))
    assert outcome.recorded == reports, outcome.refused[:3]
    return office
