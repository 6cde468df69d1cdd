"""What the public reads of a report: only what somebody has released in these words, never the report itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Public(NamedTuple):
    """A report as the public reads it; neither who told it nor where exactly it is stands in it."""

    title: str
    text: str
    answer: str
    topic: str
    unit: str
    agency: str
    received_at: str
    answered_ms: int | None
    rating: str


def is_public(state: Mapping[str, Any]) -> bool:
    """Whether the public may read a report now."""
    return bool(state.get("publicity", {}).get("public"))


def as_read(state: Mapping[str, Any], released: Mapping[str, Any]) -> Public:
    """A report in the words that are or would be released; the rating's own words are the citizen's and stay inside."""
    answer = str(released.get("answer", ""))
    return Public(
        title=str(released.get("title", "")),
        text=str(released.get("text", "")),
        answer=answer,
        topic=state["topic"],
        unit=state["unit"],
        agency=state.get("lead_agency", ""),
        received_at=state["received_at"],
        answered_ms=state.get("answer", {}).get("at") if answer else None,
        rating=str(state.get("rating", {}).get("score", "")),
    )
