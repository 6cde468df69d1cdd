"""What the tests of the store share: a database, a node of an office, a centre with its offices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.node import Node
from intake_app.store.database import Database, open_database
from tests.creators import make_node


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database with a table to count in."""
    made = open_database(f"sqlite:///{tmp_path / 'some.db'}", durable=False)
    with made.transaction() as db:
        db.run("CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)")
        db.run("INSERT INTO counter VALUES (1, 0)")
    yield made
    made.close()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node of the office 0380 that has not met its centre yet."""
    made = make_node(tmp_path / "0380")
    yield made
    made.close()
