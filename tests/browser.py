"""The browser of the journeys: whichever of these this machine has, the quickest first."""

from __future__ import annotations

import shutil

# The first is Debian's Chromium without windows: the same engine, half of the time of a journey.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """Its path, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)
