"""Bulletins: the figures of a period as they are now, and issued: numbered, frozen, with what is known to be missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from intake_app.actions.making import require_role
from intake_app.actions.tally_reports import tally_reports
from intake_app.node import Actor, Node
from intake_app.periods import FREE_DAYS_MAX, KINDS
from intake_app.shown import local_time
from intake_app.store import audits, bulletins, tally
from intake_app.store.coverage import coverage
from intake_app.store.database import Db
from intake_app.store.figures import Figures, Lines, figures_of, folded, places_of
from sync.errors import Refused

ISSUERS = frozenset({"dispatcher", "administrator"})


def figures_now(node: Node, kind: str, first: date, last: date) -> dict[str, Any]:
    """What a bulletin of a period would hold, by the counts as they are; raises Refused for a period that has not begun."""
    _check(node, kind, first, last)
    with node.database.read() as db:
        return _content(node, db, kind, first, last)


def issue_bulletin(node: Node, actor: Actor, kind: str, first: date, last: date) -> int:
    """Bring the counts up to date and keep the bulletin as it is then, for ever; returns its key."""
    require_role(actor, *sorted(ISSUERS))
    _check(node, kind, first, last)
    tally_reports(node)
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        tally.mark_of(db, hold=True)  # nobody counts meanwhile, and numbers are given one after the other
        content = _content(node, db, kind, first, last)
        no, name = bulletins.add(
            db, local_time(now).year, kind, (first, last), now, (actor.person, actor.name), content
        )
        audits.note(db, now, actor.person, "bulletin.issued", name, kind=kind, first=str(first), last=str(last))
    return no


def note_copy(node: Node, actor: Actor, one: bulletins.Bulletin, edition: str, ending: str) -> None:
    """Write down that somebody took a file of a bulletin along."""
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        audits.note(db, now, actor.person, "bulletin.fetched", one.name, edition=edition, format=ending)


def _check(node: Node, kind: str, first: date, last: date) -> None:
    if last < first:
        raise Refused("days_turned")
    if kind not in KINDS or (last - first).days >= FREE_DAYS_MAX:
        raise Refused("period_too_long", days=FREE_DAYS_MAX)
    if first > local_time(node.clock.now_ms()).date():
        raise Refused("period_not_begun")


def _content(node: Node, db: Db, kind: str, first: date, last: date) -> dict[str, Any]:
    mark = tally.mark_of(db)
    if mark is None or mark.counted_ms is None:
        raise Refused("not_counted_yet")
    found = figures_of(db, first, last, pairs=True)
    missing = coverage(db, node.clock.now_ms())
    structure = node.directory.structure_on(last)
    places = folded(found.units, places_of(node.directory, structure))
    data = found.as_data()
    del data["units"], data["offices"]
    return data | {
        "counted_ms": mark.counted_ms,
        "silent": list(missing.silent),
        "missing": missing.missing,
        "structure": structure,
        "places": {code: vars(line) for code, line in places.items()},
        "late": _late(db, kind, first),
        "names": _names(node, found, places),
    }


def _late(db: Db, kind: str, first: date) -> list[dict[str, Any]]:
    """What arrived late for earlier bulletins of this kind and no bulletin between has told yet."""
    told: dict[str, int] = {}
    late = []
    for one in bulletins.issued_before(db, kind, first):
        for entry in one.content["late"]:
            told[entry["bulletin"]] = max(told.get(entry["bulletin"], 0), entry["arrived"])
        arrived = bulletins.arrived_since(db, one)
        new = arrived - told.get(one.name, 0)
        if new > 0:
            days = {"first": one.first.isoformat(), "last": one.last.isoformat()}
            late.append({"bulletin": one.name, "arrived": arrived, "new": new} | days)
    return late


def _names(node: Node, found: Figures, places: Lines) -> dict[str, dict[str, str]]:
    """What the codes of a bulletin were called when it was issued: names are data, and change."""
    directory = node.directory
    return {
        "topics": _named(found.topics, {code: one.name for code, one in directory.topics.items()}.get),
        "agencies": _named(found.agencies, {code: one.name for code, one in directory.agencies.items()}.get),
        "places": _named(places, {code: unit.name for code, unit in directory.units.items()}.get),
    }


def _named(lines: Mapping[str, Any], name_of: Callable[[str], str | None]) -> dict[str, str]:
    return {code: name_of(code) or code for code in lines if code}
