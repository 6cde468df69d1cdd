"""The outlines of the maps in data/: read when a map is first drawn, kept after that."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from intake_app.store.shipped import DATA_FOLDER


@cache
def outline_of(structure: str) -> dict[str, Any] | None:
    """Width, height and areas of the map of a structure; None where there is no map of it."""
    file = DATA_FOLDER / f"map_{structure}.json"
    if not structure.isalnum() or not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_bytes())
    return found
