"""What happened to a report between opening a form about it and sending that form. Pure.

Nobody saves over what they have not seen: the page is shown once more with the difference, and only the second sending
goes through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from intake_app.desk.story import Moment, timeline

# The end of a UUIDv7 is random; eight digits are plenty within one report and keep the form short.
ID_CHARS = 8


@dataclass(frozen=True)
class Moved:
    """A field that somebody else changed: what this person saw, and what it is now."""

    field: str
    saw: Any
    now: Any


def moved(seen: Mapping[str, Any], known: Mapping[str, Any], fields: Iterable[str]) -> list[Moved]:
    """The fields about to be changed that are not as they were seen any more."""
    return [Moved(name, seen.get(name), known.get(name)) for name in fields if seen.get(name) != known.get(name)]


def mark_of(state: Mapping[str, Any]) -> str:
    """What has happened to a report so far, as a form carries it: by ids, for what arrives late may be dated early."""
    return " ".join(_short(moment) for moment in timeline(dict(state)))


def happened_since(state: Mapping[str, Any], mark: str | None) -> list[Moment]:
    """What this person has not seen, the newest first; nothing where the form carries no mark."""
    if mark is None:
        return []
    seen = set(mark.split())
    return [moment for moment in timeline(dict(state)) if _short(moment) not in seen]


def _short(moment: Moment) -> str:
    return str(moment.entry["id"])[-ID_CHARS:]
