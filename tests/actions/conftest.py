"""What the tests of actions share: a node of an office; what needs a centre says `with province(tmp_path, …)`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.node import Node
from tests.creators import make_node


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node of the office 0380 that has not met its centre yet."""
    made = make_node(tmp_path / "0380")
    yield made
    made.close()
