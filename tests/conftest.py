"""What every test may rely on: no hurry from hypothesis, no language of the machine, folders in memory, the browser's place.

What a subject's tests need stands beside them.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import shutil
from collections.abc import Iterator

import hypothesis
import pytest

from tests.ram import fast_folder

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# A loaded machine is no failure: examples have no deadline. In CI they are the same each time: red means changed.
hypothesis.settings.register_profile("kit", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("kit")

# `tmp_path` waits for no disk; whoever wants the folders elsewhere says so by `--basetemp` or this variable.
if (memory := fast_folder()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


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
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None and "CI" in os.environ:
        pytest.fail("no Chromium on this machine: .ci/run installs it with apt-get")
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return path
