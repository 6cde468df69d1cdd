"""What offices hold after every step: versions, bytes, their own work laid over them, and cursors (PROTOCOL.md, section 12)."""

from __future__ import annotations

from intake_app.store.entities import decode
from sync.event import EventBytes, from_bytes
from sync.overlay import view
from tests.simulation.machines import Machine
from tests.simulation.stage import Invariant, Part, Stage
from tests.simulation.watch import Watcher

# What one's own events do to what is seen: the state, those events and the view of each entity that were found right.
Shown = tuple[bytes | None, tuple[int, ...], bytes | None]
Feed = dict[str, dict[bytes, tuple[int, int]]]  # scope → entity → feed seq, removed
WHOLE_EVERY = 10


def confirmed_as_at_the_centre(stage: Stage) -> None:
    """Versions never fall (7); what is confirmed is what the centre had at that version, byte for byte (8)."""
    for machine in stage.world.offices:
        if machine.eye.changed("confirmed"):
            _confirmed(stage.watcher, machine)


def _confirmed(watcher: Watcher, machine: Machine) -> None:
    known = watcher.versions[machine.name]
    for entity, version, state in machine.eye.all("SELECT id, version, state FROM entity WHERE version IS NOT NULL"):
        assert version >= known.get(entity, 0), f"{machine.name}: {entity.hex()} fell to version {version}"
        known[entity] = version
        if state is not None:
            confirmed = watcher.states.get((entity, version))
            assert confirmed is not None, f"{machine.name}: the centre never had {entity.hex()} at {version}"
            assert state == confirmed, f"{machine.name}: {entity.hex()} at {version} is not the centre's"


def own_work_shown(stage: Stage) -> None:
    """A verdict is the centre's or none; what has none is laid over what is confirmed, and nothing else is (1, 26)."""
    for machine in stage.world.offices:
        if machine.eye.changed("shown"):
            _verdicts(stage.watcher, machine)
            _shown(stage, machine)
            _blank(stage, machine)


def _verdicts(watcher: Watcher, machine: Machine) -> None:
    for event, verdict in machine.eye.all("SELECT event, verdict FROM journal WHERE verdict <> 'again'"):
        assert verdict in watcher.had.get(event, ()), (
            f"{machine.name}: {event.hex()} is {verdict} here, {watcher.verdict_of.get(event)} at the centre"
        )


def _shown(stage: Stage, machine: Machine) -> None:
    right: dict[int, Shown] = stage.memory.setdefault(f"shown at {machine.name}", {})
    eye = machine.eye
    laid_over: dict[int, list[int]] = {}
    for entity_no, no in eye.all(
        "SELECT j.entity_no, j.no FROM journal j WHERE j.settled_by IS NULL AND (j.verdict IS NULL"
        # Of what the centre never confirmed, what was refused stays in view too.
        " OR (j.verdict IN ('held','quarantined','denied') AND (SELECT version FROM entity WHERE no = j.entity_no) IS NULL))"
        # A repair stands where the event stood whose place it takes.
        " ORDER BY CASE WHEN instr(CAST(j.open AS TEXT), '\"replaces\"') THEN coalesce((SELECT min(x.no) FROM journal x"
        " WHERE x.settled_by = j.event AND x.verdict IS NOT 'again'), j.no) ELSE j.no END"
    ):
        laid_over.setdefault(entity_no, []).append(no)
    rows = eye.all(
        "SELECT no, state, view, id FROM entity WHERE view IS NOT NULL"
        " OR no IN (SELECT entity_no FROM journal WHERE verdict IS NULL AND settled_by IS NULL)"
    )
    for no, state, shown, entity in rows:
        pending = laid_over.get(no, [])
        now: Shown = (state, tuple(pending), shown)
        if right.get(no) == now:
            continue
        found = [eye.one("SELECT header, open, private FROM journal WHERE no = ?", one) for one in pending]
        events = [from_bytes(EventBytes(*raw)) for raw in found]
        expected = view(decode(state), events, machine.node.head.node) if events else None
        assert decode(shown) == expected, f"{machine.name} does not show its own work on {entity.hex()}"
        right[no] = now


def _blank(stage: Stage, machine: Machine) -> None:
    rows = machine.eye.all(
        "SELECT e.id FROM report r JOIN entity e ON e.no = r.no WHERE e.state IS NULL AND e.view IS NULL"
        " UNION ALL SELECT e.id FROM journal j JOIN entity e ON e.no = j.entity_no WHERE j.kind = 'report.recorded'"
        " AND j.verdict IS NULL AND j.settled_by IS NULL AND e.state IS NULL AND e.view IS NULL"
    )
    blank = [row[0].hex() for row in rows if row[0] not in stage.poisoned]
    assert not blank, f"{machine.name} shows nothing of reports that were saved: {blank}"


def cursors_cover_what_was_applied(stage: Stage) -> None:
    """No cursor covers a row that was not applied (12)."""
    # A commit anywhere counts: a row may also slip in at the centre below a cursor that was right until then (13).
    changed = [machine for machine in stage.world.machines.values() if machine.eye.changed("cursor")]
    if not changed:
        return
    feed = _feed(stage)
    for machine in stage.world.offices:
        if machine in changed or stage.world.centre in changed:
            _cursors(stage, machine, feed)


def _cursors(stage: Stage, machine: Machine, feed: Feed) -> None:
    current = stage.watcher.versions[stage.world.centre.name]
    damaged = stage.memory.get("damaged", set())
    held = {row[0]: (row[1], row[2]) for row in machine.eye.all("SELECT id, version, state IS NULL FROM entity")}
    wanted = {row[0] for row in machine.eye.all("SELECT entity FROM wanted")}
    for scope, position in machine.eye.all("SELECT scope, position FROM scope_cursor WHERE granted = 1"):
        for entity, (seq, removed) in feed.get(scope, {}).items():
            if seq > position or removed or entity in wanted or (machine.name, entity) in damaged:
                continue
            assert held.get(entity) == (current[entity], 0), (
                f"{machine.name}: the cursor of {scope} stands at {position}, beyond {entity.hex()} at {seq}"
            )


def _feed(stage: Stage) -> Feed:
    """The centre's feed: what was numbered since the last look, and every tenth time all of it."""
    looks, last, feed = stage.memory.get("feed", (0, 0, {}))
    if looks % WHOLE_EVERY == 0:
        last, feed = 0, {}
    rows = stage.world.centre.eye.all(
        "SELECT s.name, e.id, f.feed_seq, f.removed FROM feed f JOIN scope s ON s.no = f.scope_no"
        " JOIN entity e ON e.no = f.entity_no WHERE f.feed_seq > ?",
        last,
    )
    for name, entity, seq, removed in rows:
        feed.setdefault(name, {})[entity] = (seq, removed)
        last = max(last, seq)
    stage.memory["feed"] = (looks + 1, last, feed)
    return feed


PART = Part(
    invariants=(
        Invariant("what is confirmed is the centre's", (7, 8), "step", confirmed_as_at_the_centre),
        Invariant("own work is shown until it is judged", (1, 26), "step", own_work_shown),
        Invariant("no cursor covers what was not applied", (12, 13), "step", cursors_cover_what_was_applied),
    )
)
