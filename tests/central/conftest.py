"""What the tests of the centre's pages share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central.staff import Staffed, open_staffed, set_up


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of a centre and an office, set up once."""
    folder = tmp_path_factory.mktemp("province")
    set_up(folder)
    return folder


@pytest.fixture
def province(template: Path, tmp_path: Path) -> Iterator[Staffed]:
    """A centre with one enrolled office, this test's own."""
    made = open_staffed(Path(shutil.copytree(template, tmp_path / "province")))
    yield made
    for node in (made.centre, *made.offices.values()):
        node.close()
