"""What must hold after every step (PROTOCOL.md, section 12), judged from outside: by what the machines have on disk.

The watcher remembers what it was promised: each event that was called saved, each ack, each version, each verdict.
"""

from __future__ import annotations

from collections.abc import Set
from hashlib import sha256

from intake_app.store import journal
from intake_app.store.database import Db
from intake_app.store.entities import decode
from sync import chain
from sync.event import Event, EventBytes, from_bytes
from sync.overlay import view
from tests.simulation.machines import Machine
from tests.simulation.network import reply_of, request_of
from tests.simulation.values import lost_values, unknown_keys
from tests.simulation.world import World


class Made:
    """An event as it was made: where, and what its machine knew of the report then."""

    def __init__(self, machine: str, seq: int, event: Event, raw: EventBytes, base: int) -> None:
        self.machine = machine
        self.seq = seq
        self.event = event
        self.raw = raw
        self.base = base


class Watcher:
    """What was promised so far, and whether it still holds."""

    def __init__(self, world: World, poisoned: Set[bytes] = frozenset()) -> None:
        self.world = world
        self.poisoned = poisoned
        self.hashes: dict[tuple[str, int], list[bytes]] = {}  # machine, life → hash after each seq, from 0
        self.made: dict[bytes, Made] = {}
        self.acks: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}
        self.versions: dict[str, dict[bytes, int]] = {name: {} for name in world.machines}
        self.states: dict[tuple[bytes, int], bytes] = {}
        self.verdicts: list[tuple[bytes, str]] = []  # at the centre, in the order of application
        self.applied: dict[bytes, int] = {}
        for machine in world.machines.values():
            self.begin_life(machine)
        self.look()

    def begin_life(self, machine: Machine) -> None:
        """A machine has a life that the watcher has not seen: its journal begins anew, at the hash of its incarnation."""
        with machine.node.database.read() as db:
            head = journal.head(db)
        self.hashes.setdefault((machine.name, head.life), [chain.genesis(head.node, head.incarnation)])

    def look(self) -> None:
        """Check every machine; whoever did nothing is checked in no time."""
        for machine in self.world.machines.values():
            with machine.node.database.read() as db:
                self._journal(machine, db)
                if machine.node.is_central:
                    self._centre(db)
                else:
                    self._office(machine, db)
        self._cursors()

    def told(self, name: str, data: bytes, reply: bytes) -> None:
        """The centre has answered: its ack is a promise from now on, whether the answer arrives or not."""
        asked, said = request_of(data), reply_of(reply)
        if said.refusal or said.fork is not None:
            raise AssertionError(f"{name} was told {said.refusal or 'fork'}")
        key = (self.world.machines[name].node.head.node, asked.incarnation)
        known = self.acks.get(key, (0, b""))
        assert said.ack >= known[0], f"the ack of {name} fell from {known[0]} to {said.ack}"
        assert said.judged <= said.ack, "judged further than stored"
        self.acks[key] = (said.ack, said.ack_hash)
        # One run of a machine has several exchanges: what each told may be the last that arrived.
        with self.world.centre.node.database.read() as db:
            self._centre(db)

    def saved(self, machine: Machine, before: int) -> None:
        """An action said "saved": its event is in the journal, and the side file knows it (1)."""
        with machine.node.database.read() as db:
            head = journal.head(db)
        mark = machine.node.side_file.read()
        assert head.seq > before, f"{machine.name} said saved and wrote nothing"
        assert mark is not None, f"{machine.name} has no side file"
        assert (mark.seq, mark.hash) == (head.seq, head.hash), "the side file is behind what was called saved"

    def _journal(self, machine: Machine, db: Db) -> None:
        """What was written stays as it is, seqs have no gap, each hash follows (1, 5, 6)."""
        life = journal.head(db).life
        hashes = self.hashes[machine.name, life]
        known = len(hashes) - 1
        count, first, last = db.one("SELECT count(*), min(seq), max(seq) FROM journal WHERE life = ?", life)  # type: ignore[misc]
        assert (first or 1, last or 0) == (1, count), f"{machine.name}: the journal has a gap"
        assert count >= known, f"{machine.name}: {known - count} events are gone from the journal"
        if known:
            tip = db.value("SELECT hash FROM journal WHERE life = ? AND seq = ?", life, known)
            assert tip == hashes[known], f"{machine.name}: another event stands at seq {known}"
        rows = db.all(
            "SELECT j.seq, j.header, j.open, j.private, j.hash, e.version FROM journal j JOIN entity e ON e.no = j.entity_no"
            " WHERE j.life = ? AND j.seq > ? ORDER BY j.seq",
            life, known,
        )  # fmt: skip
        for row in rows:
            raw = EventBytes(*row[1:4])
            event = from_bytes(raw)
            assert chain.link(hashes[-1], raw) == row[4], f"{machine.name}: the chain breaks at {row[0]}"
            assert event.id not in self.made, f"event id {event.id.hex()} was given twice"
            hashes.append(row[4])
            self.made[event.id] = Made(machine.name, row[0], event, raw, row[5] or 0)

    def _centre(self, db: Db) -> None:
        """Acks hold (3), stored bytes are the sender's (5), verdicts stand, each application is one version (2, 7)."""
        for (node, incarnation), (ack, tip) in self.acks.items():
            stored = db.one(
                "SELECT l.ack, l.hash FROM node_life l JOIN node n ON n.no = l.node_no WHERE n.id = ? AND l.incarnation = ?",
                node, incarnation,
            )  # fmt: skip
            assert ack == 0 or (stored is not None and stored[0] >= ack), f"an ack up to {ack} was given and is gone"
            assert stored is None or stored[0] > ack or stored[1] == tip, "other bytes stand under an acked seq"
        self._inbox(db)
        known = self.versions[self.world.centre.name]
        for entity, version in db.all("SELECT id, version FROM entity WHERE version IS NOT NULL"):
            assert version == self.applied.get(entity, 0), (
                f"{entity.hex()} is at version {version} after {self.applied.get(entity, 0)} applied events"
            )
            if known.get(entity) != version:
                state = bytes(db.value("SELECT state FROM entity WHERE id = ?", entity))
                self._keeps(entity, state)
                self.states[entity, version] = state
                known[entity] = version

    def _inbox(self, db: Db) -> None:
        rows = db.all(
            "SELECT i.no, i.event, i.verdict, e.id, i.payload FROM inbox_event i JOIN entity e ON e.no = i.entity_no"
            " WHERE i.no > ? ORDER BY i.no",
            len(self.verdicts),
        )
        for no, event, verdict, entity, payload in rows:
            assert no == len(self.verdicts) + 1, "the order of application has a gap"
            made = self.made.get(event)
            assert made is not None, "an event was applied that nobody made"
            assert chain.payload_hash(made.raw) == payload, "an event was applied with other bytes"
            self.verdicts.append((event, verdict))
            if verdict in ("applied", "conflict"):
                self.applied[entity] = self.applied.get(entity, 0) + 1
        total = db.value("SELECT count(*) FROM inbox_event")
        assert total == len(self.verdicts), "an event lost its verdict"

    def _keeps(self, entity: bytes, state: bytes) -> None:
        """Every value that was ever confirmed is current, in history or in a conflict row (9)."""
        unknown = unknown_keys(state)
        assert not unknown, f"{entity.hex()} got keys that no report and no person has: {unknown}"
        earlier = self.versions[self.world.centre.name].get(entity)
        if earlier is None:
            return
        lost = lost_values(self.states[entity, earlier], state)
        assert not lost, f"{entity.hex()}: values that were confirmed are nowhere now: {lost}"

    def _office(self, machine: Machine, db: Db) -> None:
        """Versions never fall (7), what is confirmed is what the centre has at that version (8)."""
        known = self.versions[machine.name]
        for entity, version, state in db.all("SELECT id, version, state FROM entity WHERE version IS NOT NULL"):
            assert version >= known.get(entity, 0), f"{machine.name}: {entity.hex()} fell to version {version}"
            known[entity] = version
            if state is not None:
                confirmed = self.states.get((entity, version))
                assert confirmed is not None, f"{machine.name}: the centre never had {entity.hex()} at {version}"
                assert bytes(state) == confirmed, f"{machine.name}: {entity.hex()} at {version} is not the centre's"
        self._pending(machine, db)
        blank = db.all(
            "SELECT e.id FROM report r JOIN entity e ON e.no = r.no WHERE e.state IS NULL AND e.view IS NULL"
            " UNION ALL SELECT e.id FROM journal j JOIN entity e ON e.no = j.entity_no WHERE j.kind = 'report.recorded'"
            " AND j.verdict IS NULL AND e.state IS NULL AND e.view IS NULL"
        )
        poisoned = [row[0] for row in blank if row[0] not in self.poisoned]
        assert not poisoned, f"{machine.name} shows nothing of reports that were saved: {poisoned}"

    def _pending(self, machine: Machine, db: Db) -> None:
        """A verdict is the centre's or none; what has none is laid over what is confirmed, and nothing else is."""
        verdicts = dict(self.verdicts)
        for event, verdict in db.all("SELECT event, verdict FROM journal WHERE verdict IS NOT NULL"):
            assert verdict == verdicts.get(event), (
                f"{machine.name}: {event.hex()} is {verdict} here, {verdicts.get(event)} at the centre"
            )
        rows = db.all(
            "SELECT DISTINCT e.no, e.state, e.view, e.id, e.version FROM entity e LEFT JOIN journal j ON j.entity_no = e.no"
            " AND j.verdict IS NULL WHERE j.no IS NOT NULL OR e.view IS NOT NULL"
        )
        for no, state, shown, entity, version in rows:
            pending = [one.event for one in journal.pending_of(db, no) if one.verdict is None or version is None]
            expected = view(decode(state), pending, machine.node.head.node) if pending else None
            assert decode(shown) == expected, f"{machine.name} does not show its own work on {entity.hex()}"

    def _cursors(self) -> None:
        """No cursor covers a row that was not applied (12)."""
        feed = self._feed()
        for machine in self.world.offices:
            with machine.node.database.read() as db:
                held = {row[0]: (row[1], row[2]) for row in db.all("SELECT id, version, state IS NULL FROM entity")}
                wanted = {row[0] for row in db.all("SELECT entity FROM wanted")}
                cursors = db.all("SELECT scope, position FROM scope_cursor WHERE granted = 1")
            for scope, position in cursors:
                for entity, seq, removed, version in feed.get(scope, ()):
                    if seq > position or removed or entity in wanted:
                        continue
                    assert held.get(entity) == (version, 0), (
                        f"{machine.name}: the cursor of {scope} stands at {position}, beyond {entity.hex()} at {seq}"
                    )

    def _feed(self) -> dict[str, list[tuple[bytes, int, int, int]]]:
        feed: dict[str, list[tuple[bytes, int, int, int]]] = {}
        with self.world.centre.node.database.read() as db:
            for name, entity, seq, removed, version in db.all(
                "SELECT s.name, e.id, f.feed_seq, f.removed, e.version FROM feed f JOIN scope s ON s.no = f.scope_no"
                " JOIN entity e ON e.no = f.entity_no"
            ):
                feed.setdefault(name, []).append((entity, seq, removed, version))
        return feed


_HOLDS = (
    "SELECT seq, hash, epoch FROM self_node",
    "SELECT acked, judged, settled FROM upstream",
    "SELECT id, version, state, view FROM entity ORDER BY no",
    "SELECT seq, verdict FROM journal ORDER BY seq",
    "SELECT scope, position, granted FROM scope_cursor ORDER BY no",
    "SELECT scope_no, entity_no, feed_seq, removed FROM held_row ORDER BY scope_no, entity_no",
    "SELECT entity FROM wanted ORDER BY entity",
    "SELECT no, tracking_code, status, own_seq, conflicts, refused FROM report ORDER BY no",
)


def digest_of(machine: Machine) -> bytes:
    """All that a machine holds of events, states, cursors and acks, as one hash."""
    whole = sha256()
    with machine.node.database.read() as db:
        for sql in _HOLDS:
            for row in db.all(sql):
                whole.update(repr(tuple(row)).encode())
    return whole.digest()
