"""A routing rule: for which matters, where and how urgent, which agency leads, which support, with what text. Pure.

A rule only proposes; a person routes. Of the rules that fit the most specific counts, and where two say different things
and neither is more specific, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sync import edition, limits
from sync.edition import day
from sync.errors import Problem
from sync.event import Event
from sync.outcome import Outcome

KINDS = ("routing_rule.published", "routing_rule.retired")
TOPICS_MAX = 12  # as many as the hotline has
SUPPORTING_MAX = 20
NAME_MAX = 120
OWN_STRUCTURE = 10  # deeper than any line of units: what names the matter's own unit, or one above it, goes before


def _topics(value: Any) -> Problem | None:
    if not isinstance(value, list) or len(value) > TOPICS_MAX:
        return Problem("required")
    return next((problem for topic in value if (problem := limits.CODE(topic))), None)


def _agencies(value: Any) -> Problem | None:
    if not isinstance(value, list) or len(value) > SUPPORTING_MAX:
        return Problem("unknown_agency")
    return next((problem for code in value if (problem := limits.AGENCY(code))), None)


FIELDS: Mapping[str, limits.Check] = {
    "name": limits.text(NAME_MAX),
    "topics": _topics,  # left out: whatever the topic
    "unit": limits.UNIT,  # left out: the whole province; else with all that lies in it
    "urgency": limits.one_of(*limits.URGENCIES),  # left out: however urgent
    "lead": limits.AGENCY,
    "local": limits.yes_no,  # instead of a lead: the agency of the district where the matter is
    "supporting": _agencies,
    "text": limits.text(limits.TEXT_MAX, multiline=True),
    "valid_from": day,
    "valid_to": day,
    "sample": limits.yes_no,
}
REQUIRED = ("name", "valid_from")


def check_content(content: Mapping[str, Any]) -> dict[str, Problem]:
    """What does not fit in a rule, by field; empty when all is well."""
    found = edition.check_present(content, FIELDS, REQUIRED)
    if bool(content.get("lead")) == bool(content.get("local")):
        found.setdefault("lead", Problem("one_lead"))
    if content.get("lead") in content.get("supporting", ()):
        found.setdefault("supporting", Problem("leads_already"))
    return edition.check_validity(content, found)


def apply(state: dict[str, Any] | None, event: Event) -> Outcome:
    """Fold one event into a rule."""
    return edition.apply(state, event, "name", "no_such_rule", check_content)


class Case(NamedTuple):
    """What a rule is asked about."""

    topic: str
    unit: str
    urgency: str = "normal"


class Ground(NamedTuple):
    """What routing by rules has to know of units and agencies; both come in as functions."""

    ancestors: Callable[[str], Sequence[str]]
    counterparts: Callable[[str], Sequence[str]]
    local_agency: Callable[[str], str | None]


class Fit(NamedTuple):
    """A rule that fits: how near it is by place (0 where it names none), and whether it names topic and urgency."""

    id: bytes
    rule: Mapping[str, Any]
    lead: str
    place: int
    topic: bool
    urgency: bool

    def beats(self, other: Fit) -> bool:
        """Whether this one is more specific: nowhere less, somewhere more."""
        mine, theirs = (self.place, self.topic, self.urgency), (other.place, other.topic, other.urgency)
        return mine != theirs and all(one >= two for one, two in zip(mine, theirs, strict=True))


class Proposal(NamedTuple):
    """What the rules say about a case: the most specific ones that fit; more than one lead among them is a tie."""

    best: tuple[Fit, ...]
    beaten: tuple[Fit, ...]

    @property
    def tied(self) -> bool:
        """Whether a person has to choose."""
        return len({fit.lead for fit in self.best}) > 1


def propose(rules: Iterable[tuple[bytes, Mapping[str, Any]]], case: Case, ground: Ground) -> Proposal:
    """What the rules, all of them in force, say about a case; the order of rules does not matter."""
    fits = (fit_of(one, rule, case, ground) for one, rule in rules)
    found = sorted((fit for fit in fits if fit is not None), key=lambda fit: fit.id)
    best = [fit for fit in found if not any(other.beats(fit) for other in found)]
    return Proposal(tuple(best), tuple(fit for fit in found if fit not in best))


def fit_of(rule_id: bytes, rule: Mapping[str, Any], case: Case, ground: Ground) -> Fit | None:
    """How a rule fits a case; None where it does not, or where it names the agency of a place that has none."""
    topics, urgency = rule.get("topics") or (), rule.get("urgency")
    if (topics and case.topic not in topics) or (urgency and urgency != case.urgency):
        return None
    place = nearness(rule.get("unit"), case.unit, ground)
    lead = ground.local_agency(case.unit) if rule.get("local") else rule.get("lead")
    if place is None or not lead:
        return None
    return Fit(rule_id, rule, lead, place, bool(topics), bool(urgency))


def nearness(unit: str | None, matter: str, ground: Ground) -> int | None:
    """How near the place of a rule is: 0 the whole world, more the nearer; None where it lies elsewhere.

    A unit that took the place of another, or whose place was taken, counts too, but less than any of its own structure.
    """
    if not unit:
        return 0
    line = list(ground.ancestors(matter))
    if unit in line:
        return OWN_STRUCTURE + len(line) - line.index(unit)
    for other in ground.counterparts(matter):
        above = list(ground.ancestors(other))
        if unit in above:
            return len(above) - above.index(unit)
    return None
