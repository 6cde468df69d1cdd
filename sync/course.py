"""What the history of a report says of its clock: since when it runs, when it stood still, when it ended. Pure.

Times are those that people's computers wrote down. A stop that ends before it begins, for two clocks differ, is no stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sync import moments, workflow

PAUSED, WAITING = "paused", "waiting"


@dataclass
class Course:
    """The times of one report; `stops` are over, `stopped_since` is not."""

    received: int  # at the counter, by the centre's clock where that of the counter was wrong
    start: int  # the same, or when the report was taken up again
    stops: list[tuple[int, int]] = field(default_factory=list)
    stopped_since: int | None = None
    ended: int | None = None
    extended: tuple[int, int] | None = None  # when that was decided, and until when
    routed: tuple[int, int] | None = None  # when it was routed with a deadline of its own, and which
    reasons: set[str] = field(default_factory=set)  # why it stands still now

    def stand(self, why: str, at: int) -> None:
        """The clock stops, for one more reason."""
        if not self.reasons:
            self.stopped_since = at
        self.reasons.add(why)

    def go(self, why: str, at: int) -> None:
        """One reason is gone; the last one lets the clock run again."""
        if self.reasons == {why}:
            self._close(at)
        self.reasons.discard(why)

    def end(self, at: int) -> None:
        """The matter is answered, or over otherwise; only the first time counts."""
        if self.ended is None:
            self.ended = at
            self._close(at)

    def begin_again(self, at: int) -> None:
        """The citizen is not content: a time of its own begins, whatever was before."""
        self.start, self.ended, self.stops = at, None, []
        self.extended = self.routed = None
        self.reasons.discard(WAITING)
        self.stopped_since = at if self.reasons else None

    def _close(self, at: int) -> None:
        if self.stopped_since is not None and at > self.stopped_since:
            self.stops.append((self.stopped_since, at))
        self.stopped_since = None


def counter_time(state: Mapping[str, Any]) -> int:
    """When it was received at the counter, put right where the centre saw that that computer's clock was wrong."""
    received = moments.unix_ms(state["received_at"])
    if received is None:
        raise ValueError("not a time")
    return int(received) - int(state.get("clock_offset_seconds") or 0) * 1000


def course_of(state: Mapping[str, Any]) -> Course:
    """The times of a report, from its state."""
    received = counter_time(state)
    course, history = Course(received, received), state.get("history", ())
    status = next((found for entry in history if (found := _left(entry))), state["status"])
    if status in workflow.ENDED:
        course.end(received)
    for entry in history:
        status = _take(course, entry, status)
    if course.ended is None and (state["status"] == "awaiting_info") != (WAITING in course.reasons):
        # The history says it otherwise than the state, which no rule allows: what everybody sees counts.
        (course.stand if state["status"] == "awaiting_info" else course.go)(WAITING, course.start)
    course.stops.sort()
    return course


def _left(entry: Mapping[str, Any]) -> str | None:
    """The status from which an entry of the history leads away, if it leads anywhere."""
    found = entry.get("from") if entry.get("to") else entry.get("was", {}).get("status")
    return str(found) if found else None


def _take(course: Course, entry: Mapping[str, Any], status: str) -> str:
    at, kind = entry["at"], entry["kind"]
    if kind == "report.paused":
        course.stand(PAUSED, at)
    elif kind == "report.resumed":
        course.go(PAUSED, at)
    elif kind == "report.extended":
        course.extended, course.routed = _until(course.extended, at, entry["set"]["deadline"]), None
    to = entry.get("to") or entry.get("set", {}).get("status")
    if not to:
        return status
    _move(course, status, str(to), at)
    for step in (entry, *entry.get("steps", ())):
        if step.get("step") == "route" and to == "routed":
            course.routed = _until(None, at, step["details"].get("deadline"))
    return str(to)


def _move(course: Course, status: str, to: str, at: int) -> None:
    if to == "reopened":
        course.begin_again(at)
    elif to in workflow.ENDED:
        course.end(at)
    elif status in workflow.ENDED:
        course.ended = None  # two people had decided differently, and the matter is open after all
    if to == "awaiting_info":
        course.stand(WAITING, at)
    elif status == "awaiting_info" and course.ended is None:
        course.go(WAITING, at)
    elif status == "awaiting_info":
        course.reasons.discard(WAITING)


def _until(before: tuple[int, int] | None, at: int, text: Any) -> tuple[int, int] | None:
    moment = moments.unix_ms(text) if isinstance(text, str) else None
    return before if moment is None else (at, moment)
