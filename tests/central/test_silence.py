"""How long a node may be quiet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from intake_app.central.silence import HOUR_MS, Thresholds, silence_level, silent_hours, thresholds
from intake_app.config import Settings

NOW_MS = 1_700_000_000_000
LIMITS = Thresholds(24, 72)


def test_a_node_that_never_called_is_neither_amber_nor_red() -> None:
    assert silence_level(None, NOW_MS, LIMITS) == "never"


def test_a_node_let_in_that_has_not_called_for_days_is_silent() -> None:
    assert silence_level(None, NOW_MS, LIMITS, NOW_MS - HOUR_MS) == "never"
    assert silence_level(None, NOW_MS, LIMITS, NOW_MS - 80 * HOUR_MS) == "red"


@pytest.mark.parametrize(
    ("hours", "level"),
    [(0, "fresh"), (23, "fresh"), (24, "amber"), (71, "amber"), (72, "red")],
)
def test_a_quiet_node_turns_amber_and_then_red(hours: int, level: str) -> None:
    assert silence_level(NOW_MS - hours * HOUR_MS, NOW_MS, LIMITS) == level


def test_a_clock_set_back_makes_nobody_silent() -> None:
    assert silent_hours(NOW_MS + 10 * HOUR_MS, NOW_MS) == 0
    assert silence_level(NOW_MS + 10 * HOUR_MS, NOW_MS, LIMITS) == "fresh"


def test_the_hours_are_settings_and_red_never_comes_before_amber() -> None:
    settings = Settings(Path("/nowhere"), silent_amber_hours=8, silent_red_hours=4)
    assert thresholds(settings) == (8, 8)
    assert thresholds(replace(settings, silent_red_hours=48)) == (8, 48)
