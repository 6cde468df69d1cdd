"""Routing rules at the centre: publish one or a new edition of it, retire it, load the samples; and what the rules propose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from intake_app.actions.making import make_event, require_role, write_one
from intake_app.actions.publish_article import today
from intake_app.node import Actor, Node
from intake_app.store import journal, rules
from intake_app.store.database import Db
from intake_app.store.entities import Entity, load_entities
from sync import permission, routing_rule
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text, fold
from sync.routing_rule import Case, Ground, Proposal

EDITORS = permission.ROLES["routing_rule.published"]
MULTILINE = frozenset({"text"})


def propose_route(node: Node, case: Case) -> Proposal:
    """What the rules that hold today propose for a case; empty where none fits."""
    with node.database.read() as db:
        found = rules.rules_in_force(db, today(node))
    known = node.directory
    ground = Ground(known.ancestors, known.counterparts, known.local_agency)
    return routing_rule.propose(((rule.id, rule.state) for rule in found), case, ground)


def case_of(state: Mapping[str, Any]) -> Case:
    """What the rules are asked about a report."""
    return Case(state["topic"], state["unit"], state.get("urgency", "normal"))


def publish_rule(
    node: Node, actor: Actor, content: Mapping[str, Any], rule_id: bytes | None = None, seen_edition: int = 0
) -> bytes:
    """Publish a rule, or the next edition of one that was seen at `seen_edition`; returns its id.

    Raises InvalidFields, and Refused("rule_edited_meanwhile") where somebody was faster.
    """
    _may(node, actor)
    cleaned = check_rule(node, content)
    with node.database.transaction() as db:
        if rule_id is not None:
            known = _the_rule(db, rule_id).seen or {}
            if known["edition"] != seen_edition:
                raise Refused("rule_edited_meanwhile", edition=known["edition"])
            if not known.get("retired") and all(known.get(key) == cleaned.get(key) for key in routing_rule.FIELDS):
                raise Refused("nothing_changed")
        return _publish(node, db, actor, cleaned | {"edition": seen_edition + 1}, rule_id)


def _publish(node: Node, db: Db, actor: Actor, opened: Mapping[str, Any], rule_id: bytes | None) -> bytes:
    event = make_event(node, actor, "routing_rule.published", rule_id, opened)
    write_one(node, db, event)
    return event.entity


def retire_rule(node: Node, actor: Actor, rule_id: bytes, reason: str = "") -> None:
    """Retire a rule: it proposes nothing any more."""
    _may(node, actor)
    cleaned = clean_text(reason, multiline=False)
    if not cleaned:
        raise InvalidFields({"reason": Problem("required")})
    with node.database.transaction() as db:
        if (_the_rule(db, rule_id).seen or {}).get("retired"):
            raise Refused("nothing_changed")
        write_one(node, db, make_event(node, actor, "routing_rule.retired", rule_id, {"reason": cleaned}))


def publish_sample_rules(node: Node, actor: Actor, samples: Iterable[Mapping[str, Any]]) -> int:
    """Publish the sample rules that are not there yet, each marked as one that has to be checked; returns how many."""
    _may(node, actor)
    cleaned = [check_rule(node, {"valid_from": today(node), **sample, "sample": True}) for sample in samples]
    with node.database.transaction() as db:
        journal.hold(db)
        known = rules.rule_names(db)
        missing = [each for each in cleaned if fold(each["name"]) not in known]
        for each in missing:
            _publish(node, db, actor, each | {"edition": 1}, None)
    return len(missing)


def _may(node: Node, actor: Actor) -> None:
    require_role(actor, *EDITORS)
    if not node.is_central:
        raise Refused("centre_only")


def check_rule(node: Node, content: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as it is kept; raises InvalidFields where it would not be taken."""
    cleaned: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, str):
            value = clean_text(value, multiline=name in MULTILINE)
        if value not in (None, "", [], False):
            cleaned[name] = value
    problems = routing_rule.check_content(cleaned)
    if unknown := set(cleaned.get("topics", ())) - set(node.directory.topics):
        problems["topics"] = Problem(
            "not_in_set", {"allowed": ", ".join(node.directory.topics), "value": sorted(unknown)}
        )
    if cleaned.get("unit") and node.directory.unit(cleaned["unit"]) is None:
        problems["unit"] = Problem("unknown_unit")
    for name, codes in (("lead", [cleaned.get("lead")]), ("supporting", cleaned.get("supporting", ()))):
        if any(code and code not in node.directory.agencies for code in codes):
            problems[name] = Problem("unknown_agency")
    if problems:
        raise InvalidFields(problems)
    return cleaned


def _the_rule(db: Db, rule_id: bytes) -> Entity:
    journal.hold(db)
    found = load_entities(db, [rule_id], hold=True).get(rule_id)
    if found is None or found.type != "routing_rule" or found.seen is None:
        raise Refused("no_such_rule")
    return found
