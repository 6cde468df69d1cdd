"""How long a node may be quiet."""

from __future__ import annotations

import pytest

from intake_app.central.silence import AMBER_HOURS, HOUR_MS, RED_HOURS, silence_level, silent_hours

NOW_MS = 1_700_000_000_000


def test_a_node_that_never_called_is_neither_amber_nor_red() -> None:
    assert silence_level(None, NOW_MS) == "never"


@pytest.mark.parametrize(
    ("hours", "level"),
    [(0, "fresh"), (AMBER_HOURS - 1, "fresh"), (AMBER_HOURS, "amber"), (RED_HOURS - 1, "amber"), (RED_HOURS, "red")],
)
def test_a_quiet_node_turns_amber_and_then_red(hours: int, level: str) -> None:
    assert silence_level(NOW_MS - hours * HOUR_MS, NOW_MS) == level


def test_a_clock_set_back_makes_nobody_silent() -> None:
    assert silent_hours(NOW_MS + 10 * HOUR_MS, NOW_MS) == 0
    assert silence_level(NOW_MS + 10 * HOUR_MS, NOW_MS) == "fresh"
