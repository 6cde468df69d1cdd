"""What must hold after every step (PROTOCOL.md, section 12), judged from outside: by what the machines have on disk.

The watcher remembers what it was promised: each event that was called saved, each ack, each version, each verdict. Who
committed nothing since the last look is not looked at again.
"""

from __future__ import annotations

from collections.abc import Set

from sync import chain, envelope
from sync.event import Event, EventBytes, from_bytes
from tests.simulation.eye import Eye, ServerEye, eye_of
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
        self.gone: set[bytes] = set()  # events that were only in a database which was put back
        self.revoked: set[str] = set()  # machines that were shut out at some time
        self.parted: set[str] = set()  # machines with another past than they had, and their twins
        self.acks: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}
        self.versions: dict[str, dict[bytes, int]] = {name: {} for name in world.machines}
        self.states: dict[tuple[bytes, int], bytes] = {}
        self.verdicts: list[tuple[bytes, str]] = []  # at the centre, in the order of application
        self.last_no = 0
        self.verdict_of: dict[bytes, str] = {}
        self.had: dict[bytes, set[str]] = {}  # every verdict that an event has had: what was held may be judged again
        self.mended = False  # somebody repaired or upgraded something: from then on what was held may move
        self.applied: dict[bytes, int] = {}
        for machine in world.machines.values():
            self.begin_life(machine)
        self.journals()
        self.centre()

    def begin_life(self, machine: Machine) -> None:
        """A machine has a life that the watcher has not seen: its journal begins anew, at the hash of its incarnation."""
        life, node, incarnation = machine.eye.one("SELECT life, node, incarnation FROM self_node")
        self.hashes.setdefault((machine.name, life), [chain.genesis(node, incarnation)])

    def meet_again(self, machine: Machine, on_the_way: Set[bytes]) -> None:
        """A machine has another past: what its file says now is what was promised of it, whatever else is gone."""
        eye = eye_of(machine.settings)
        node = eye.value("SELECT node FROM self_node")
        self.hashes = {key: value for key, value in self.hashes.items() if key[0] != machine.name}
        for life, incarnation in eye.all("SELECT life, incarnation FROM life"):
            rows = eye.all("SELECT hash FROM journal WHERE life = ? ORDER BY seq", life)
            self.hashes[machine.name, life] = [chain.genesis(node, incarnation), *(row[0] for row in rows)]
        eye.close()
        self.versions[machine.name] = {}
        self.parted.update(
            name for name, one in self.world.machines.items() if name.upper() == machine.name.upper() and one
        )
        present = {event for one in self.world.machines.values() for event in _events(one)}
        kept = on_the_way | self.verdict_of.keys() | present
        self.gone = self.made.keys() - kept

    def told(self, name: str, data: bytes, reply: bytes) -> None:
        """The centre has answered: its ack is a promise from now on, whether the answer arrives or not."""
        asked, said = request_of(data), reply_of(reply)
        if said.refusal == "revoked" and name in self.revoked:
            assert (said.page, said.scopes, said.ack) == (b"", [], 0), f"{name} was shut out and learnt something (25)"
            return
        if said.refusal or (said.fork is not None and name not in self.parted):
            raise AssertionError(f"{name} was told {said.refusal or 'fork'}")
        sender = envelope.peek(data, envelope.REQUEST).sender
        if self.revoked:
            out = self.world.centre.eye.value("SELECT revoked_ms FROM node WHERE id = ?", sender)
            assert out is None, f"{name} is shut out and was answered (25)"
        key = (sender, asked.incarnation)
        known = self.acks.get(key, (0, b""))
        assert said.ack >= known[0], f"the ack of {name} fell from {known[0]} to {said.ack}"
        assert said.judged <= said.ack, "judged further than stored"
        self.acks[key] = (said.ack, said.ack_hash)
        # One run of a machine has several exchanges: what each told may be the last that arrived.
        eye = self.world.centre.eye
        if eye.changed("told"):
            self._versions(eye, self._inbox(eye))

    def saved(self, machine: Machine, before: int) -> None:
        """An action said "saved": its event is in the journal, and the side file knows it (1)."""
        seq, tip = machine.eye.one("SELECT seq, hash FROM self_node")
        mark = machine.node.side_file.read()
        assert seq > before, f"{machine.name} said saved and wrote nothing"
        assert mark is not None, f"{machine.name} has no side file"
        assert (mark.seq, mark.hash) == (seq, tip), "the side file is behind what was called saved"

    def journals(self) -> None:
        """What was written stays as it is, seqs have no gap, each hash follows (1, 5, 6)."""
        for machine in self.world.machines.values():
            if machine.eye.changed("journal"):
                self._journal(machine, machine.eye)

    def _journal(self, machine: Machine, eye: Eye) -> None:
        life = eye.value("SELECT life FROM self_node")
        if (machine.name, life) not in self.hashes:
            self.begin_life(machine)
        hashes = self.hashes[machine.name, life]
        known = len(hashes) - 1
        count, first, last = eye.one("SELECT count(*), min(seq), max(seq) FROM journal WHERE life = ?", life)
        assert (first or 1, last or 0) == (1, count), f"{machine.name}: the journal has a gap"
        assert count >= known, f"{machine.name}: {known - count} events are gone from the journal"
        if known:
            tip = eye.value("SELECT hash FROM journal WHERE life = ? AND seq = ?", life, known)
            assert tip == hashes[known], f"{machine.name}: another event stands at seq {known}"
        rows = eye.all(
            "SELECT j.seq, j.header, j.open, j.private, j.hash, e.version FROM journal j JOIN entity e ON e.no = j.entity_no"
            " WHERE j.life = ? AND j.seq > ? ORDER BY j.seq",
            life, known,
        )  # fmt: skip
        for row in rows:
            raw = EventBytes(*row[1:4])
            event = from_bytes(raw)
            assert chain.link(hashes[-1], raw) == row[4], f"{machine.name}: the chain breaks at {row[0]}"
            hashes.append(row[4])
            if event.id in self.made:
                again = eye.one(
                    "SELECT 1 FROM journal WHERE event = ? AND life < ? AND verdict = 'again'", event.id, life
                )
                assert again, f"event id {event.id.hex()} was given twice"
                assert self.made[event.id].raw == raw, f"event {event.id.hex()} was journalled again with other bytes"
                continue
            self.made[event.id] = Made(machine.name, row[0], event, raw, row[5] or 0)

    def centre(self) -> None:
        """What the centre has promised and done, if anything changed there."""
        eye = self.world.centre.eye
        if eye.changed("centre"):
            self._acks(eye)
            self._inbox(eye)
            self._versions(eye)

    def _acks(self, eye: Eye) -> None:
        """Acks hold (3), and what is stored under them are the sender's bytes (5)."""
        for (node, incarnation), (ack, tip) in self.acks.items():
            stored = eye.one(
                "SELECT l.ack, l.hash FROM node_life l JOIN node n ON n.no = l.node_no WHERE n.id = ? AND l.incarnation = ?",
                node, incarnation,
            )  # fmt: skip
            assert ack == 0 or (stored is not None and stored[0] >= ack), f"an ack up to {ack} was given and is gone"
            assert stored is None or stored[0] > ack or stored[1] == tip, "other bytes stand under an acked seq"

    def _inbox(self, eye: Eye) -> list[bytes]:
        """Each event gets one verdict, as it was made, and keeps it (2); returns whom the new ones are about."""
        rows = eye.all(
            "SELECT i.no, i.event, i.verdict, e.id, i.payload FROM inbox_event i JOIN entity e ON e.no = i.entity_no"
            " WHERE i.no > ? ORDER BY i.no",
            0 if self.mended else self.last_no,
        )
        rows = [row for row in rows if self.verdict_of.get(row[1]) != row[2]] if self.mended else rows
        for no, event, verdict, entity, payload in rows:
            # A sequence leaves out what was rolled back; the order is what counts, and nothing comes in behind.
            assert self.mended or no == self.last_no + 1 or isinstance(eye, ServerEye), (
                "the order of application has a gap"
            )
            self.last_no = no
            if event not in self.made:
                self.journals()  # it was made in this very step
            made = self.made.get(event)
            assert made is not None, "an event was applied that nobody made"
            assert chain.payload_hash(made.raw) == payload, "an event was applied with other bytes"
            before = self.verdict_of.get(event, "held")
            assert event not in self.verdict_of or (self.mended and before in ("held", "quarantined")), (
                f"event {event.hex()} was judged twice"
            )
            self.verdicts.append((event, verdict))
            self.verdict_of[event] = verdict
            self.had.setdefault(event, set()).add(verdict)
            if verdict in ("applied", "conflict"):
                self.applied[entity] = self.applied.get(entity, 0) + 1
        total = eye.value("SELECT count(*) FROM inbox_event")
        assert total == len(self.verdict_of), "an event lost its verdict"
        return [row[3] for row in rows]

    def _versions(self, eye: Eye, only: list[bytes] | None = None) -> None:
        """Each application is one version, at the centre only (7)."""
        known = self.versions[self.world.centre.name]
        asked = "SELECT id, version FROM entity WHERE version IS NOT NULL"
        if only is None:
            rows = eye.all(asked)
        else:
            rows = [row for entity in dict.fromkeys(only) for row in eye.all(f"{asked} AND id = ?", entity)]
        for entity, version in rows:
            assert version == self.applied.get(entity, 0), (
                f"{entity.hex()} is at version {version} after {self.applied.get(entity, 0)} applied events"
            )
            if known.get(entity) != version:
                state = bytes(eye.value("SELECT state FROM entity WHERE id = ?", entity))
                self._keeps(entity, state)
                self.states[entity, version] = state
                known[entity] = version

    def _keeps(self, entity: bytes, state: bytes) -> None:
        """Every value that was ever confirmed is current, in history or in a conflict row (9)."""
        unknown = unknown_keys(state)
        assert not unknown, f"{entity.hex()} got keys that no report and no person has: {unknown}"
        earlier = self.versions[self.world.centre.name].get(entity)
        if earlier is None:
            return
        lost = lost_values(self.states[entity, earlier], state)
        assert not lost, f"{entity.hex()}: values that were confirmed are nowhere now: {lost}"


def _events(machine: Machine) -> list[bytes]:
    eye = eye_of(machine.settings)
    found = [row[0] for row in eye.all("SELECT event FROM journal")]
    eye.close()
    return found
