"""Scopes: units of both structures, rows damaged by hand, pages that come twice; and in the end all digests agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from intake_app.actions import amend_report, reconcile
from intake_app.actions.enroll import fill_scopes
from intake_app.store import confirmed, feed, holdings, horizon, nodes
from intake_app.store.entities import load_numbers
from sync import cycle
from sync.errors import BadMessage, NoNetwork, Refused
from sync.ports import Answer, Taken
from sync.protocol import Page, Reply, ScopePage
from sync.routing import scopes_of
from tests.simulation import poison, sending_back
from tests.simulation.annexing import annex
from tests.simulation.machines import Machine
from tests.simulation.network import Wire
from tests.simulation.stage import Action, Invariant, Part, Stage
from tests.simulation.world import let_in

NEW_UNITS = ("2025:14758", "2025:14812", "2025:14818")


def _reform(stage: Stage, machine: Machine) -> str:
    """The office looks after units of the structure that replaces its own, beside it or no more."""
    units = tuple(unit for unit in NEW_UNITS if stage.chance.random() < 0.5)
    let_in(stage.world, machine.name, machine.settings.office, units)
    return f"looks after {units} now, {sending_back.settle(stage, machine)}"


def _file(stage: Stage, machine: Machine) -> str:
    """A report is filed under a unit of the other structure."""
    with machine.node.database.read() as db:
        found = db.all("SELECT e.id FROM report r JOIN entity e ON e.no = r.no ORDER BY e.no")
        if not found:
            raise Refused("no_such_report")
        report = stage.chance.choice(found)[0]
        poison.seen(db, report)
    unit = stage.chance.choice((*NEW_UNITS, "2021:14809", "2021:14758"))
    return amend_report.amend_report(machine.node, machine.actor, report, {"unit": unit}).verdict


def _damage(stage: Stage, machine: Machine) -> str:
    """A row is lost by hand, and a day goes by, so that the rows are counted again."""
    with machine.node.database.transaction() as db:
        # Of what lies in two scopes: that is not forgotten meanwhile, which nothing could tell from leaving.
        rows = db.all(
            "SELECT max(scope_no), entity_no FROM held_row WHERE removed = 0 GROUP BY entity_no HAVING count(*) > 1"
            " ORDER BY entity_no"
        )
        if not rows:
            return "nothing to damage"
        scope_no, no = stage.chance.choice(rows)
        db.run("DELETE FROM held_row WHERE scope_no = ? AND entity_no = ?", scope_no, no)
        # Should it leave the other scope before the scope is read anew, it is forgotten until then.
        entity = db.value("SELECT id FROM entity WHERE no = ?", no)
        stage.memory.setdefault("damaged", set()).add((machine.name, entity))
        db.run("UPDATE scope_cursor SET counted_ms = 1, resynced_ms = NULL")
    stage.counts["rows damaged"] += 1
    told = ""
    for _ in range(stage.chance.randrange(5)):  # enough to begin the scope anew, not to come to its end
        try:
            cycle.exchange(reconcile.Port(machine.node), Wire(stage.network, machine), cycle.Summary())
        except (NoNetwork, BadMessage) as reason:
            told += f" {reason.code}"
    return f"{scope_no} {no}{told}"


class _Twice(reconcile.Port):
    """A node whose carrier brings each page a second time."""

    def take(self, reply: Reply, page: Page, answer: Answer) -> Taken:
        asked = self._stances[0]
        taken = super().take(reply, page, answer)
        if _Twice.machine.eye.value("SELECT count(*) FROM held_row WHERE feed_seq = 0 AND removed = 0"):
            return taken  # the end of this page has begun a scope anew: that it comes again is news
        held = _Twice.machine.eye.digest()
        self._stances.appendleft(asked)
        again = super().take(reply, page, answer)
        assert _Twice.machine.eye.digest() == held, "a page that came a second time changed something"
        assert not again.states, f"{again.states} states were taken over a second time"
        return taken

    machine: Machine


def _twice(stage: Stage, machine: Machine) -> str:
    kept, reconcile.Port, _Twice.machine = reconcile.Port, _Twice, machine  # type: ignore[misc]
    try:
        done = reconcile.reconcile(machine.node, Wire(stage.network, machine), ignore_backoff=True)
    except (NoNetwork, BadMessage) as reason:
        return reason.code
    finally:
        reconcile.Port = kept  # type: ignore[misc]
    return f"received {done.received if done else 0} twice"


def _fill(stage: Stage, machine: Machine) -> str:
    return f"{sending_back.ask(stage, machine)}, {annex(stage, machine)}, filled {fill_scopes(machine.node)} times"


def _purge(stage: Stage, machine: Machine) -> str:
    """Years go by while nobody else does anything: what left scopes until now is forgotten.

    Two days of them are felt by the clocks: whoever was in the middle of a scope finds by its digest what it was not
    told, and compares no more than once a day.
    """
    for one in stage.world.machines.values():
        one.clock.true_ms += 2 * holdings.DAY_MS
    with machine.node.database.transaction() as db:
        gone = horizon.purge_removed(db, db.value("SELECT value FROM feed_counter"))
    stage.counts["removed rows purged"] += gone
    return f"forgot {gone} rows"


def _granted(stage: Stage, machine: Machine) -> list[str]:
    with stage.world.centre.node.database.read() as db:
        found = db.value("SELECT scopes FROM node WHERE id = ?", machine.node.head.node)
    return msgspec.json.decode(found) if found else []


def _all_digests_agree(stage: Stage) -> None:
    """What each machine keeps of its scopes is what the centre keeps, and what the rows of both say (19, 27)."""
    with stage.world.centre.node.database.read() as db:
        kept = {row[0]: tuple(row[1:]) for row in db.all("SELECT name, entities, digest, no FROM scope")}
        for name, (entities, digest, no) in kept.items():
            assert feed.counted(db, no) == (entities, digest), f"the centre's digest of {name} is not that of its rows"
    for machine in stage.world.offices:
        if machine.name in stage.apart:
            continue
        scopes = _granted(stage, machine)
        with machine.node.database.read() as db:
            rows = db.all(
                "SELECT scope, entities, digest, no FROM scope_cursor WHERE granted = 1 AND scope NOT LIKE 'node:%'"
            )
            for name, entities, digest, no in rows:
                where = f"{machine.name}, {name}"
                assert (entities, digest) == kept[name][:2], f"{where}: {entities, digest}, centre {kept[name]}"
                assert holdings.counted(db, no) == (entities, digest), f"{where}: the digest is not that of the rows"
                stage.counts["digests equal"] += 1
        assert {row[0] for row in rows} == set(scopes), f"{machine.name} has other scopes than the centre gave it"


def _feed_is_what_routing_says(stage: Stage) -> None:
    """Each report lies in the scopes that its state gives it, and in no other (14, 15)."""
    with stage.world.centre.node.database.read() as db:
        around = nodes.places(db, stage.world.centre.node.reference.units_at(db))
        opened = {row[0] for row in db.all("SELECT name FROM scope")}
        lies: dict[int, set[str]] = {}
        for no, name in db.all(
            "SELECT f.entity_no, s.name FROM feed f JOIN scope s ON s.no = f.scope_no WHERE f.removed = 0"
        ):
            lies.setdefault(no, set()).add(name)
        last = db.value("SELECT max(no) FROM entity") or 0
        for one in load_numbers(db, range(1, last + 1)).values():
            right: set[str] = set()
            if one.confirmed is not None:
                right = set(scopes_of(one.type, one.confirmed, around)) & opened
            assert lies.get(one.no, set()) == right, f"{one.id.hex()} lies in {lies.get(one.no)}, should in {right}"


def _read_anew_takes_nothing_away(stage: Stage) -> None:
    """What was read once and has not left since stays while its scope is read again from the beginning (12)."""
    reached: dict[tuple[str, bytes, str], int] = stage.memory.setdefault("reached", {})
    for machine in stage.world.offices:
        eye = machine.eye
        if not eye.changed("reached"):
            continue
        epoch = eye.value("SELECT epoch FROM self_node")
        for scope, position, granted in eye.all("SELECT scope, position, granted FROM scope_cursor"):
            key = (machine.name, epoch, scope)
            before = reached.get(key, 0) if granted else 0
            reached[key] = max(before, position if granted else 0)
            if position < before:
                missing = _missing(stage, machine, scope, before)
                assert not missing, f"{machine.name} lost {missing} while it reads {scope} again"


def _missing(stage: Stage, machine: Machine, scope: str, reached: int) -> list[str]:
    """What lies in a scope since before that place, and is not held."""
    held = {
        row[0]
        for row in machine.eye.all("SELECT id FROM entity WHERE state IS NOT NULL UNION SELECT entity FROM wanted")
    }
    rows = stage.world.centre.eye.all(
        "SELECT e.id FROM feed f JOIN scope s ON s.no = f.scope_no JOIN entity e ON e.no = f.entity_no"
        " WHERE s.name = ? AND f.removed = 0 AND f.feed_seq <= ?",
        scope, reached,
    )  # fmt: skip
    return [row[0].hex() for row in rows if row[0] not in held]


def _everybody_is_filled(stage: Stage) -> None:
    while fill_scopes(stage.world.centre.node):
        pass


_share, _place = feed.share, holdings.Tally.place


def _place_what_stays(self: holdings.Tally, scope: ScopePage, numbers: list[int]) -> set[int]:
    kept = [(place, seq) for place, seq in zip(scope.places, scope.seqs, strict=True) if place >= 0]
    places, seqs = [place for place, _ in kept], [seq for _, seq in kept]
    return _place(self, msgspec.structs.replace(scope, places=places, seqs=seqs), numbers)


# The mistakes that the checks above are there for; planted by bugs.py.
BUGS: dict[str, Callable[[], list[tuple[object, str, Any]]]] = {
    "removed row ignored": lambda: [(holdings.Tally, "place", _place_what_stays)],
    "digest not updated on version change": lambda: [(feed, "share", lambda entity, version: _share(entity, 1))],
    "version test >= for >": lambda: [
        (confirmed.feed, "is_newer", lambda version, known: known is None or version >= known),
    ],
}  # fmt: skip


PART = Part(
    actions=(
        Action("reform", 1, _reform),
        Action("refile", 3, _file, "anyone", saves=True),
        Action("damage", 2, _damage),
        Action("twice", 2, _twice),
        Action("purge", 1, _purge, "centre"),
        Action("fill", 0.5, _fill, "centre", saves=True),
    ),
    invariants=(
        Invariant("reading anew takes nothing away", (12,), "step", _read_anew_takes_nothing_away),
        Invariant("all digests agree", (19, 27), "end", _all_digests_agree),
        Invariant("the feed is what routing says", (14, 15), "end", _feed_is_what_routing_says),
    ),
    before_healing=(_everybody_is_filled,),
)
