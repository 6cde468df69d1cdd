"""A rule of how long a matter may take, by topic and urgency, and which of several rules holds for a report. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sync import edition, limits
from sync.edition import day
from sync.errors import Problem
from sync.event import Event
from sync.outcome import Outcome

KINDS = ("deadline_rule.published", "deadline_rule.retired")
UNITS = ("working_hours", "working_days", "calendar_days", "hours")
AMOUNT_MAX = 500
STEPS_MAX = 5
FIRST_STEP = 100  # in hundredths of the time: what was allowed is used up


def _number(least: int) -> limits.Check:
    return lambda value: None if type(value) is int and least <= value <= AMOUNT_MAX else Problem("not_a_number")


def _steps(value: Any) -> Problem | None:
    """Hundredths of the allowed time at which somebody is told, each later than the one before."""
    fits = isinstance(value, list) and 0 < len(value) <= STEPS_MAX
    fits = fits and all(type(each) is int and FIRST_STEP <= each <= 1000 for each in value)
    return None if fits and value == sorted(set(value)) else Problem("not_rising_steps")


FIELDS: Mapping[str, limits.Check] = {
    "name": limits.text(120),
    "topic": limits.CODE,  # left out: every topic
    "urgency": limits.one_of(*limits.URGENCIES),  # left out: every urgency
    "unit_of_time": limits.one_of(*UNITS),
    "amount": _number(1),
    "soon": _number(0),  # how much of it is left when the agency is reminded; in the same unit
    "escalate_at": _steps,
    "source": limits.text(250),
    "valid_from": edition.since,
    "valid_to": day,
    "to_check": limits.yes_no,
}
REQUIRED = ("name", "unit_of_time", "amount", "source", "valid_from")


def check_content(content: Mapping[str, Any]) -> dict[str, Problem]:
    """What does not fit in a rule, by field; empty when all is well."""
    found = edition.check_fields(content, FIELDS, REQUIRED)
    if not found and content.get("soon", 0) >= content["amount"]:
        found["soon"] = Problem("soon_too_long")
    return found


def apply(state: dict[str, Any] | None, event: Event) -> Outcome:
    """Fold one event into a rule."""
    return edition.apply(state, event, "unit_of_time", "no_such_deadline_rule", check_content)


def steps_of(rule: Mapping[str, Any] | None) -> list[int]:
    """At which hundredths of the allowed time whoever leads is told that it is over."""
    return list((rule or {}).get("escalate_at") or [FIRST_STEP])


def rule_for(rules: Iterable[Mapping[str, Any]], topic: str, urgency: str, today: str) -> Mapping[str, Any] | None:
    """The rule that says most of a report received on a day: of its urgency and topic, its urgency, its topic, of any.

    Urgency goes before topic: an emergency does not get the days that its topic has otherwise. Of two that say the same, the
    one that came into force last counts, then the one that was published last.
    """
    fitting = [rule for rule in rules if _fits(rule, topic, urgency, today)]
    return max(fitting, key=_weight, default=None)


def _fits(rule: Mapping[str, Any], topic: str, urgency: str, today: str) -> bool:
    return (
        rule.get("topic", topic) == topic
        and rule.get("urgency", urgency) == urgency
        and rule["valid_from"] <= today
        and today <= (rule.get("valid_to") or today)
    )


def _weight(rule: Mapping[str, Any]) -> tuple[bool, bool, str, int, str]:
    return "urgency" in rule, "topic" in rule, rule["valid_from"], rule.get("at", 0), rule["name"]
