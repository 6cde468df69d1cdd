"""What the public reads of a report: only what somebody has released in these words, never the report itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

PUBLIC, WAITING, WITHDRAWN = STAGES = ("public", "waiting", "withdrawn")
_SETTLED = ("answered", "closed")
_ANSWERING = ("approve", "answer", "share")


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


def stage_of(state: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """Whether a report is public, waits to be published or was taken back, and since when; nothing of this for most.

    It waits when an agency has answered it, the citizen agrees, and nobody has published it or taken it back yet.
    """
    if "publicity" in state:
        return (PUBLIC if is_public(state) else WITHDRAWN), set_last(state).get("at")
    agreed = state.get("publish_consent") and state["status"] in _SETTLED and "answer" in state
    # What was answered on the spot is no case that anybody handled.
    if agreed and any(entry.get("step") in _ANSWERING for entry in state.get("history", ())):
        return WAITING, state["answer"].get("at")
    return None, None


def set_last(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who said last whether the public may read a report, and when: an entry of its history."""
    return next(_sets(state), {})


def released_last(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """The words that the public reads, or read until they were taken back."""
    words = (entry["set"]["publicity"] for entry in _sets(state))
    return next((each for each in words if each.get("public")), {})


def _sets(state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in reversed(state.get("history", ())) if entry.get("kind") == "report.publicity_set")
