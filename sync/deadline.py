"""The deadline of a report, worked out from what is known of it, the rules and the calendar. Pure; the moment is a value.

1. The rule for its topic and urgency gives so much time from the counter on; an extension gives more.
2. While the report is paused or waits for the citizen, the clock stands still: the deadline moves by that time.
3. A deadline given to the agency with the routing can only be nearer than what the citizen was promised. Sending a report
   back and routing it anew therefore never gives more time; only an extension does, with its reason.
4. Whoever takes an answered report up again begins a new time by the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sync import deadline_rule
from sync.course import Course, course_of
from sync.working_time import DAY_MS, HOUR_MS, Calendar, midnight, ordinal_of

ON_TRACK, DUE_SOON, OVERDUE = "on_track", "due_soon", "overdue"
ON_TIME, LATE, PAUSED, NONE = "on_time", "late", "paused", "none"
STATES = (ON_TRACK, DUE_SOON, OVERDUE, PAUSED, ON_TIME, LATE, NONE)
OPEN_STATES = frozenset({ON_TRACK, DUE_SOON, OVERDUE})
TOLD_SOON = 1  # how far somebody was told: that it is due soon, or at how many hundredths of the time it was
USUAL_DAY_MS = 8 * HOUR_MS  # of a day that has no hours of its own


class Terms(NamedTuple):
    """What holds in the province: the calendar and the rules that are not retired."""

    calendar: Calendar
    rules: Sequence[Mapping[str, Any]]


class _AroundTheClock:
    """Time that passes day and night, where a rule counts it so."""

    def worked(self, start: int, end: int) -> int:
        return end - start

    def after(self, start: int, amount: int) -> int:
        return start + max(0, amount)

    def back(self, end: int, amount: int) -> int:
        return end - max(0, amount)


class Clock(NamedTuple):
    """When a report is due, whatever the time is now."""

    course: Course
    line: Calendar | _AroundTheClock
    rule: Mapping[str, Any] | None
    promised: int | None
    agency: int | None
    due: int | None
    soon: int | None
    day_ms: int  # of the line: how much of it a day has

    @property
    def runs(self) -> bool:
        """Whether it is open, has a deadline and does not stand still."""
        return self.due is not None and self.course.ended is None and self.course.stopped_since is None

    def used(self, now: int) -> int:
        """How much of its time is used up; what stood still does not count."""
        course = self.course
        until = min(each for each in (now, course.ended, course.stopped_since) if each is not None)
        if until <= course.start:
            return 0
        stopped = sum(_within(self.line, stop, course.start, until) for stop in course.stops)
        return self.line.worked(course.start, until) - stopped

    def step_at(self, hundredths: int) -> int:
        """When so many hundredths of the allowed time are used up, if nothing stops the clock."""
        due = self.due or 0
        allowed = self.used_by(due) or self.day_ms  # a deadline that was over when it was given
        return self.line.after(due, max(0, hundredths - 100) * allowed // 100)

    def used_by(self, moment: int) -> int:
        """The same as `used` for a clock that goes on beyond what is known of it."""
        stopped = sum(_within(self.line, stop, self.course.start, moment) for stop in self.course.stops)
        return max(0, self.line.worked(self.course.start, moment) - stopped)


class Deadline(NamedTuple):
    """A report's deadline at a moment; times in milliseconds, None where there is none."""

    state: str
    due: int | None
    promised: int | None
    agency: int | None
    soon: int | None
    used: int
    left: int | None  # below zero: so much too late
    offline: int | None  # what was used up before the centre had it; None while it has not
    stopped_since: int | None
    ended: int | None
    rule: Mapping[str, Any] | None
    day_ms: int
    working: bool  # whether the times are working time


def deadline(state: Mapping[str, Any], terms: Terms, now: int) -> Deadline:
    """The deadline of a report as it is, at a moment."""
    clock = clock_of(state, terms)
    course = clock.course
    at_centre = state.get("at_centre")
    until = next(each for each in (course.ended, course.stopped_since, now) if each is not None)
    return Deadline(
        state_at(clock, now), clock.due, clock.promised, clock.agency, clock.soon, clock.used(now),
        None if clock.due is None else clock.line.worked(until, clock.due),
        None if at_centre is None else max(0, clock.line.worked(course.received, at_centre)),
        None if course.ended is not None else course.stopped_since, course.ended, clock.rule, clock.day_ms,
        isinstance(clock.line, Calendar),
    )  # fmt: skip


def state_at(clock: Clock, now: int) -> str:
    """How it stands with the deadline at a moment."""
    if clock.course.ended is None and clock.course.stopped_since is not None:
        return PAUSED
    if clock.due is None:
        return NONE
    if clock.course.ended is not None:
        return ON_TIME if clock.course.ended <= clock.due else LATE
    if now > clock.due:
        return OVERDUE
    return DUE_SOON if clock.soon is not None and now >= clock.soon else ON_TRACK


def clock_of(state: Mapping[str, Any], terms: Terms) -> Clock:
    """When a report is due."""
    course = course_of(state)
    received = date.fromordinal(ordinal_of(course.start)).isoformat()
    rule = deadline_rule.rule_for(terms.rules, state["topic"], state.get("urgency", "normal"), received)
    line = _line(rule, terms.calendar)
    promised = _by_rule(course, rule, line, terms.calendar)
    routed, extended = _given(line, course, course.routed), _given(line, course, course.extended)
    if extended is not None and (promised is None or extended >= promised):
        promised, agency = extended, routed
    else:  # what was extended was only the agency's deadline, within what the citizen was promised
        agency = extended if routed is None else routed
    due = min((each for each in (promised, agency) if each is not None), default=None)
    day_ms = _day_ms(line, terms.calendar, due)
    soon = None if due is None else max(course.start, line.back(due, _soon(rule, day_ms)))
    return Clock(course, line, rule, promised, agency, due, soon, day_ms)


def _by_rule(
    course: Course, rule: Mapping[str, Any] | None, line: Calendar | _AroundTheClock, calendar: Calendar
) -> int | None:
    if rule is None:
        return None
    due = _moved(line, _first_due(rule, course.start, calendar), course, course.start)
    # A part of a day counts as the day: nobody is held to an hour by a rule that speaks of days.
    return calendar.closing(due) if rule["unit_of_time"].endswith("days") else due


def _given(line: Calendar | _AroundTheClock, course: Course, given: tuple[int, int] | None) -> int | None:
    return None if given is None else _moved(line, given[1], course, given[0])


def _first_due(rule: Mapping[str, Any], start: int, calendar: Calendar) -> int:
    """When a rule says it is due if nothing ever stops the clock; a day on which something begins does not count."""
    amount = rule["amount"]
    if rule["unit_of_time"] == "working_hours":
        return calendar.after(start, amount * HOUR_MS)
    if rule["unit_of_time"] == "working_days":
        return calendar.closing_after_days(start, amount)
    if rule["unit_of_time"] == "calendar_days":
        return midnight(ordinal_of(start) + amount + 1)
    return start + int(amount) * HOUR_MS


def _moved(line: Calendar | _AroundTheClock, due: int, course: Course, since: int) -> int:
    """A deadline later by all the time that the clock stood still after it was set and before it was over."""
    for begin, end in course.stops:
        begin = max(begin, since)
        if begin < min(end, due):
            due = line.after(due, line.worked(begin, end))
    return due


def _line(rule: Mapping[str, Any] | None, calendar: Calendar) -> Calendar | _AroundTheClock:
    return _AroundTheClock() if rule and rule["unit_of_time"] in ("calendar_days", "hours") else calendar


def _day_ms(line: Calendar | _AroundTheClock, calendar: Calendar, due: int | None) -> int:
    if not isinstance(line, Calendar):
        return DAY_MS
    return (calendar.day_ms(due) if due is not None else 0) or USUAL_DAY_MS


def _soon(rule: Mapping[str, Any] | None, day_ms: int) -> int:
    """How long before its end a deadline is near: what the rule says, or a day where no rule holds."""
    if rule is None:
        return day_ms
    return int(rule.get("soon", 0)) * (HOUR_MS if rule["unit_of_time"].endswith("hours") else day_ms)


def _within(line: Calendar | _AroundTheClock, stop: tuple[int, int], start: int, until: int) -> int:
    begin, end = max(stop[0], start), min(stop[1], until)
    return line.worked(begin, end) if begin < end else 0


# ── who has to be told ───────────────────────────────────────────────────────────────────────────────────────────────


def told(state: Mapping[str, Any], since: int) -> int:
    """How far somebody was told already since the clock began; 0 where nobody was."""
    return max((each["level"] for each in state.get("reminders", ()) if each["at"] >= since), default=0)


def next_telling(clock: Clock, level: int) -> int | None:
    """When somebody has to be told next, after having been told so far; None where nobody has."""
    if not clock.runs:
        return None
    if level < TOLD_SOON:
        return clock.soon
    step = next((each for each in deadline_rule.steps_of(clock.rule) if each > level), None)
    return None if step is None else clock.step_at(step)


def level_at(clock: Clock, now: int) -> int:
    """How far whoever is responsible has to be told of at a moment: the highest step that is reached, 0 for none."""
    if not clock.runs:
        return 0
    reached = [step for step in deadline_rule.steps_of(clock.rule) if now > clock.step_at(step)]
    return max(reached, default=TOLD_SOON if clock.soon is not None and now >= clock.soon else 0)
