"""What must hold once the faults have stopped and the queues are empty."""

from __future__ import annotations

from collections import Counter

import msgspec

from intake_app.actions import receive, reconcile
from intake_app.store import journal, upstream
from tests.simulation.machines import Machine
from tests.simulation.network import Wire
from tests.simulation.stage import Invariant, Part, Stage
from tests.simulation.watch import Watcher
from tests.simulation.world import World, findings

LONGEST_PAUSE_MS = 31 * 60 * 1000
ROUNDS_MAX = 3  # invariant 27: three rounds after the network is back, everybody agrees
GROWING = ("notes", "calls", "links", "informed", "relayed", "history")


def heal(stage: Stage) -> None:
    """Let everybody talk until nothing moves; more than a few rounds is a failure of its own (27)."""
    world, network = stage.world, stage.network
    network.healed = True
    for machine in world.machines.values():
        machine.fuse.set(None)
        machine.clock.wrong_ms = 0
        machine.clock.true_ms += LONGEST_PAUSE_MS
    for round_no in range(ROUNDS_MAX):
        moved = 0
        for machine in _together(stage):
            # The first time of its own accord: every failed attempt has set a next one, half an hour ahead at the most (28).
            forced = round_no > 0
            summary = reconcile.reconcile(machine.node, Wire(network, machine), ignore_backoff=forced)
            assert summary is not None, f"{machine.name} does not try again by itself"
            moved += summary.sent + summary.received
        # The centre's own job: what a computer sent that never calls again is judged all the same.
        moved += receive.drain_inbox(world.centre.node)
        if not moved:
            return
    raise AssertionError(f"after {ROUNDS_MAX} rounds without faults something still moves")


def _together(stage: Stage) -> list[Machine]:
    return [machine for machine in stage.world.offices if machine.name not in stage.apart]


def _everything_arrived(stage: Stage) -> None:
    """Nothing lost, nothing doubled, everybody agrees."""
    world, watcher = stage.world, stage.watcher
    assert watcher.made.keys() - watcher.gone <= dict(watcher.verdicts).keys(), "an event never arrived at the centre"
    assert watcher.mended or len(dict(watcher.verdicts)) == len(watcher.verdicts), "an event was judged twice"
    _reports(world, watcher)
    for machine in _together(stage):
        _queue(machine)
        _verdicts(machine, watcher)
        _holdings(world, machine)


def _verified(stage: Stage) -> None:
    """`verify` finds nothing on any machine: chains, views, rows, search, and the inbox replayed from nothing."""
    for machine in stage.world.machines.values():
        problems = findings(machine)
        assert not problems, f"verify on {machine.name}: {problems[:3]}"


def _reports(world: World, watcher: Watcher) -> None:
    """One report for each that was recorded, one entry for each note, and no code that two share."""
    verdicts = dict(watcher.verdicts)
    recorded = {
        made.event.entity for made in watcher.made.values()
        if made.event.kind == "report.recorded" and verdicts.get(made.event.id) == "applied"
    }  # fmt: skip
    with world.centre.node.database.read() as db:
        rows = db.all("SELECT e.id, r.tracking_code, e.state FROM report r JOIN entity e ON e.no = r.no")
    assert {row[0] for row in rows} == recorded, "the centre's reports are not those that were recorded"
    doubled = [code for code, count in Counter(row[1] for row in rows).items() if count > 1]
    assert not doubled, f"codes given twice: {doubled}"
    notes: Counter[str] = Counter()
    for row in rows:
        state = msgspec.json.decode(row[2])
        for name in GROWING:
            notes.update(f"{name} {entry['id']}" for entry in state.get(name, ()))
    twice = [name for name, count in notes.items() if count > 1]
    assert not twice, f"entries that stand twice: {twice}"
    for event_id, verdict in watcher.verdicts:
        if watcher.made[event_id].event.kind == "report.noted" and verdict == "applied":
            assert notes[f"notes {event_id.hex()}"] == 1, f"the note {event_id.hex()} is not there"


def _queue(machine: Machine) -> None:
    with machine.node.database.read() as db:
        head, bound = journal.head(db), upstream.load_upstream(db)
        views = db.value("SELECT count(*) FROM entity WHERE view IS NOT NULL AND version IS NOT NULL")
    assert bound is not None
    assert (bound.acked, bound.settled) == (head.seq, head.seq), f"{machine.name} still waits: {bound}"
    assert views == 0, f"{machine.name} lays {views} views over what is confirmed, with nothing pending"


def _verdicts(machine: Machine, watcher: Watcher) -> None:
    """Every verdict has reached its origin (26)."""
    at_centre = dict(watcher.verdicts)
    with machine.node.database.read() as db:
        for event_id, verdict in db.all(
            "SELECT event, verdict FROM journal WHERE verdict IS NULL OR verdict <> 'again'"
        ):
            assert verdict == at_centre[event_id], (
                f"{machine.name}: {event_id.hex()} is {at_centre[event_id]} at the centre, {verdict} here"
            )


def _holdings(world: World, machine: Machine) -> None:
    """A machine holds exactly what lies in its scopes, as the centre has it (8, 14)."""
    with world.centre.node.database.read() as db:
        scopes = msgspec.json.decode(db.value("SELECT scopes FROM node WHERE id = ?", machine.node.head.node))
        marks = ",".join("?" * len(scopes))
        right = {
            row[0]: (row[1], bytes(row[2]))
            for row in db.all(
                "SELECT DISTINCT e.id, e.version, e.state FROM feed f JOIN scope s ON s.no = f.scope_no"
                f" JOIN entity e ON e.no = f.entity_no WHERE f.removed = 0 AND s.name IN ({marks})",
                *scopes,
            )
        }
    with machine.node.database.read() as db:
        held = {
            row[0]: (row[1], bytes(row[2]))
            for row in db.all("SELECT id, version, state FROM entity WHERE state IS NOT NULL")
        }
        # What the centre has never confirmed stays with its own office, whatever the verdict.
        listed = {
            row[0] for row in db.all("SELECT e.id FROM report r JOIN entity e ON e.no = r.no WHERE e.version > 0")
        }
    missing, extra = right.keys() - held.keys(), held.keys() - right.keys()
    assert not missing, f"{machine.name} lacks {[entity.hex() for entity in missing]}"
    assert not extra, f"{machine.name} still holds {[entity.hex() for entity in extra]}"
    assert right == held, f"{machine.name} holds other states than the centre"
    assert listed <= held.keys(), f"{machine.name} lists reports that it does not hold"


PART = Part(
    invariants=(
        Invariant("nothing lost, nothing doubled, everybody agrees", (2, 4, 8, 14, 26, 27), "end", _everything_arrived),
        Invariant("what every machine keeps fits together", (4, 9, 17), "end", _verified),
    )
)
