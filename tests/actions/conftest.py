"""What the tests of actions share: a node of an office; what needs a centre says `with province(tmp_path, …)`.

Where what the centre does is tested, it is tested twice: with its data on SQLite, and on a real PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.node import Node
from tests import creators
from tests.creators import BOTH, make_node

ON_BOTH = frozenset(
    {
        "test_back_up",
        "test_decide_conflict",
        "test_denied",
        "test_digests",
        "test_enroll",
        "test_own_log",
        "test_dispatch_round",
        "test_publish_article",
        "test_publish_rule",
        "test_reconcile",
        "test_restore",
        "test_scopes",
        "test_settle_refused",
        "test_share_answer",
        "test_signed_garbage",
        "test_step_report",
        "test_talking_twice",
        "test_tracking_codes",
    }
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of these files on both databases."""
    if metafunc.module.__name__.rpartition(".")[2] in ON_BOTH:
        metafunc.fixturenames.append("centre_database")
        metafunc.parametrize("centre_database", BOTH, indirect=True)


@pytest.fixture
def centre_database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the centre of a province keeps its data."""
    monkeypatch.setattr(creators, "centre_database", request.param)
    return str(request.param)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node of the office 0380 that has not met its centre yet."""
    made = make_node(tmp_path / "0380")
    yield made
    made.close()
