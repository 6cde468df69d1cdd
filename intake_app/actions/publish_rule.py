"""Routing rules at the centre: publish one or a new edition of it, retire it, load the samples; and what the rules propose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from intake_app.actions.editions import (
    Series,
    clean_words,
    publish_edition,
    publish_missing,
    retire_edition,
    today,
    unknown_topics,
)
from intake_app.node import Actor, Node
from intake_app.store import rules
from intake_app.store.database import Db
from sync import permission, routing_rule
from sync.errors import InvalidFields, Problem
from sync.fold import fold
from sync.routing_rule import Case, Ground, Proposal

EDITORS = permission.ROLES["routing_rule.published"]
MULTILINE = frozenset({"text"})


def propose_route(node: Node, case: Case) -> Proposal:
    """What the rules that hold today propose for a case; empty where none fits."""
    with node.database.read() as db:
        found = rules.rules_in_force(db, today(node))
    known = node.directory
    offered = known.agencies_on(today(node))
    fitting = ((rule.id, rule.state) for rule in found if rule.state.get("lead", "") in {"", *offered})
    ground = Ground(known.ancestors, known.counterparts, partial(known.local_agency, on=today(node)))
    return routing_rule.propose(fitting, case, ground)


def case_of(state: Mapping[str, Any]) -> Case:
    """What the rules are asked about a report."""
    return Case(state["topic"], state["unit"], state.get("urgency", "normal"))


def publish_rule(
    node: Node, actor: Actor, content: Mapping[str, Any], rule_id: bytes | None = None, seen_edition: int = 0
) -> bytes:
    """Publish a rule, or the next edition of one that was seen at `seen_edition`; returns its id.

    Raises InvalidFields, and Refused("edited_meanwhile") where somebody was faster.
    """
    return publish_edition(node, actor, _RULES, content, rule_id, seen_edition)


def retire_rule(node: Node, actor: Actor, rule_id: bytes, reason: str = "") -> None:
    """Retire a rule: it proposes nothing any more."""
    retire_edition(node, actor, _RULES, rule_id, reason)


def publish_sample_rules(node: Node, actor: Actor, samples: Iterable[Mapping[str, Any]]) -> int:
    """Publish the sample rules that are not there yet, each marked as one that has to be checked; returns how many."""

    def missing(db: Db) -> list[Mapping[str, Any]]:
        cleaned = [check_rule(node, {"valid_from": today(node), **sample, "sample": True}) for sample in samples]
        known = rules.rule_names(db)
        return [each for each in cleaned if fold(each["name"]) not in known]

    return publish_missing(node, actor, _RULES, missing)


def check_rule(node: Node, content: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as it is kept; raises InvalidFields where it would not be taken."""
    cleaned = clean_words(content, MULTILINE)
    problems = routing_rule.check_content(cleaned) | unknown_topics(node, cleaned)
    if cleaned.get("unit") and node.directory.unit(cleaned["unit"]) is None:
        problems["unit"] = Problem("unknown_unit")
    for name, codes in (("lead", [cleaned.get("lead")]), ("supporting", cleaned.get("supporting", ()))):
        if any(code and code not in node.directory.agencies for code in codes):
            problems[name] = Problem("unknown_agency")
    if problems:
        raise InvalidFields(problems)
    return cleaned


_RULES = Series("routing_rule", routing_rule.FIELDS, EDITORS, "no_such_rule", check_rule)
