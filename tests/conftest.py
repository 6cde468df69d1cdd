"""What every test may rely on: no hurry from hypothesis, no language of the machine, folders in memory, the browser's place.

What a subject's tests need stands beside them.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.browser import find_browser
from tests.compiled import keep_compiled
from tests.ram import fast_folder

# A loaded machine is no failure: examples have no deadline. In CI they are the same each time: red means changed.
hypothesis.settings.register_profile("kit", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("kit")

keep_compiled()

# `tmp_path` waits for no disk; whoever wants the folders elsewhere says so by `--basetemp` or this variable.
if (memory := fast_folder()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


# What takes longest is begun first, so that no worker is left with it while the others have nothing more to do.
LONG = (
    "journeys/test_every_page.py", "simulation/test_bugs.py", "journeys/", "processes/", "simulation/", "demo/", "cli/",
    "test_run.py", "test_access.py", "test_protecting.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, in the order of LONG; each file stays together."""
    here = Path(__file__).parent
    names = {item.path: item.path.relative_to(here).as_posix() for item in items}
    ranks = {path: min(at for at, long in enumerate((*LONG, "")) if name.startswith(long)) for path, name in names.items()}
    items.sort(key=lambda item: ranks[item.path])


@pytest.fixture(autouse=True)
def words_of_the_default_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the person's own choice of language away: tests read the words that everyone gets."""
    monkeypatch.delenv("INTAKE_LANG", raising=False)


@pytest.fixture(autouse=True)
def no_log_of_another_test() -> Iterator[None]:
    """Takes away the log files that a test has opened: their folders go with it, and whatever is logged later would fail."""
    yield
    root = logging.getLogger()
    for handler in [found for found in root.handlers if isinstance(found, logging.handlers.RotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Gives the browser's path; without one the journeys are left out, but never in CI, where they must have run."""
    path = find_browser()
    if path is None and "CI" in os.environ:
        pytest.fail("no Chromium on this machine: .ci/run installs it with apt-get")
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium-headless-shell")
    return path
