"""The centre's second life: restored from either of two backups, its bare file or whole disk put back, log kept or lost.

What must survive is what is in some office's journal, in the backup or in the centre's log. Lost may be only what was at the lost
centre and in none of them. A run of its own: here the promises of the lost centre are broken, which the watcher may not forgive.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from intake_app.actions import back_up, receive, reconcile, restore
from intake_app.node import DATABASE_FILE, Node
from intake_app.store import backups, epochs, journal, renewal, upstream
from intake_app.store.database import Db
from intake_app.store.own_log import OwnEvent, log_of
from sync.errors import BadMessage, IntakeError, NoNetwork
from sync.event import EventBytes, from_bytes
from tests.postgres import postgres_address, shared_server
from tests.simulation import people, scopes
from tests.simulation.machines import Killed, Machine
from tests.simulation.network import Network, Wire
from tests.simulation.stage import Stage
from tests.simulation.watch import Watcher
from tests.simulation.world import World, findings, make_world, small_limits

ROUNDS_MAX = 8
WAYS = ("restore", "restore older", "bare file", "whole disk")


@dataclass
class Second:
    """One world whose centre is lost: what happened, and which backups there are, oldest first."""

    seed: int
    stage: Stage
    files: list[Path] = field(default_factory=list)
    acks: list[dict[tuple[bytes, bytes], int]] = field(default_factory=list)  # in each backup, by node and life
    servers: list[str] = field(
        default_factory=list
    )  # where the centre is on PostgreSQL, a copy of its database as well
    trace: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        """Its machines."""
        return self.stage.world


def play(seed: int, steps: int = 45) -> Second:
    """Run a seed to its end; AssertionError where something does not hold."""
    chance, world = random.Random(f"second {seed}"), make_world(seed)
    network = Network(world, chance, lambda *told: None)
    second = Second(seed, Stage(world, network, chance, Watcher(world)))
    _give_files(world.centre)
    try:
        with small_limits(seed, steps):
            for part in range(3):
                _some_days(second, steps // 3)
                if part < 2:
                    _back_up(second)
            _lose(second, WAYS[seed % len(WAYS)], log_lost=chance.random() < 0.3)
            _some_days(second, steps // 4)
            _heal(second)
            _check(second)
    finally:
        world.close()
        for server in second.servers:
            shared_server().drop(server)
    return second


def _give_files(centre: Machine) -> None:
    folder = centre.settings.instance
    (folder / "settings.toml").write_text('role = "central"\noffice = "1022"\n')
    (folder / "secret.key").write_text("x" * 64)
    centre.settings = replace(centre.settings, backup_off_machine=(str(folder / back_up.FOLDER),))


def _some_days(second: Second, steps: int) -> None:
    stage = second.stage
    for _ in range(steps):
        action = stage.chance.choices(people.PART.actions, [one.weight for one in people.PART.actions])[0]
        machine = stage.chance.choice([*stage.world.machines.values()])
        try:
            told = action.act(stage, machine)
        except (IntakeError, Killed) as reason:
            told = str(reason)
        second.trace.append(f"{machine.name} {action.name}: {told}")
        if stage.chance.random() < 0.5:
            _sync(second, stage.chance.choice(stage.world.offices))


def _sync(second: Second, machine: Machine) -> int:
    try:
        done = reconcile.reconcile(machine.node, Wire(second.stage.network, machine), ignore_backoff=True)
    except Killed:
        machine.crash()
        done = None
    except (NoNetwork, BadMessage, OperationalError, OSError):  # the line, or the machine's disk
        done = None
    machine.fuse.set(None)
    second.world.centre.fuse.set(None)
    _safe_is_safe(second, machine)
    return done.sent + done.received if done else 1


def _back_up(second: Second) -> None:
    """A verified backup, and with it a copy of the whole disk as it stands."""
    centre = second.world.centre
    receive.drain_inbox(centre.node)
    done = back_up.back_up(centre.node)
    assert done.problem is None, f"a backup of a sound centre is not sound: {done.problem}"
    second.files.append(Path(done.folders[0]) / done.name)
    second.acks.append({(node, life): ack for node, life, ack in done.lives})
    folder = centre.settings.instance
    centre.stop()
    shutil.copytree(folder, _disk(second, len(second.files)))
    if centre.settings.database_url:
        second.servers.append(postgres_address(copy_of=centre.settings.database_url))


def _disk(second: Second, number: int) -> Path:
    return second.world.root / f"disk {number}"


def _lose(second: Second, way: str, log_lost: bool) -> None:
    centre = second.world.centre
    folder = centre.settings.instance
    before = _epoch(centre.node)
    centre.stop()
    if log_lost:
        shutil.rmtree(folder / "log", ignore_errors=True)
    if way.startswith("restore"):
        file = second.files[0 if way.endswith("older") else -1]
        _go_to(second, shared_server().bare() if second.servers else None)
        more = {"database": centre.settings.database_url, "clock": centre.clock, "entropy": centre.entropy.randbytes}
        restore.restore(file, folder, in_its_place=True, **more)  # type: ignore[arg-type]
        assert _epoch(centre.node) != before, "a restored centre goes on in its epoch"
    elif way == "bare file" and second.servers:
        _go_to(second, second.servers[-1])
    elif way == "bare file":
        for file in folder.glob(f"{DATABASE_FILE}*"):
            file.unlink()
        shutil.copy(_disk(second, 2) / DATABASE_FILE, folder / DATABASE_FILE)
    else:
        shutil.rmtree(folder)
        shutil.copytree(_disk(second, 2), folder)
        _go_to(second, second.servers[-1] if second.servers else None)
        _all_call(second)
    second.trace.append(f"lost and back by {way}, log {'lost' if log_lost else 'kept'}")


def _go_to(second: Second, server: str | None) -> None:
    """Let the centre go on with another database of the server; the one before it is removed in the end."""
    if server is None:
        return
    centre = second.world.centre
    second.servers.append(str(centre.settings.database_url))
    centre.settings = replace(centre.settings, database_url=server)


def _all_call(second: Second) -> None:
    """Only offices can know of a whole disk, and only before the centre has gone on past where it had been (docs/backups.md)."""
    second.stage.network.healed = True
    for machine in second.world.offices:
        _sync(second, machine)
    second.stage.network.healed = False


def _epoch(node: Node) -> bytes:
    with node.database.read() as db:
        return journal.head(db).epoch


def _heal(second: Second) -> None:
    second.stage.network.healed = True
    for machine in second.world.machines.values():
        machine.fuse.set(None)
    for _ in range(ROUNDS_MAX):
        if not sum([_sync(second, machine) for machine in second.world.offices]):
            return
    raise AssertionError(f"after {ROUNDS_MAX} rounds something still moves")


def _safe_is_safe(second: Second, machine: Machine) -> None:
    """What a node was told is safe is in the older of the two newest backups (6)."""
    with machine.node.database.read() as db:
        bound, head = upstream.load_upstream(db), journal.head(db)
    if bound is None or not bound.safe:
        return
    assert len(second.acks) > 1, f"{machine.name} holds something for safe before there are two backups"
    stored = second.acks[-2].get((head.node, head.incarnation), 0)
    assert bound.safe <= stored, f"{machine.name}: safe is {bound.safe}, the older backup has {stored}"


def _check(second: Second) -> None:
    centre = second.world.centre
    with centre.node.database.read() as db:
        judged = [row[0] for row in db.all("SELECT event FROM inbox_event")]
        waiting = {row[0] for row in db.all("SELECT event FROM own_waiting")}
        states = {
            row[0]: tuple(row[1:]) for row in db.all("SELECT id, version, state FROM entity WHERE state IS NOT NULL")
        }
    assert len(judged) == len(set(judged)), "an event was judged twice"
    for machine in second.world.offices:
        missing = _journalled(machine.node) - set(judged)
        assert not missing, f"{len(missing)} events of {machine.name} are not at the centre (1)"
        _agrees(machine, states)
    logged = {_event(record) for record in log_of(centre.node).read() if isinstance(record, OwnEvent)}
    assert logged <= {*judged, *waiting}, "events of the centre's log are not in its database"
    for machine in second.world.machines.values():
        assert not (found := findings(machine)), f"verify on {machine.name}: {found[:3]}"
    scopes._all_digests_agree(second.stage)


def _event(record: OwnEvent) -> bytes:
    return from_bytes(EventBytes(record.header, record.open, record.private)).id


def _journalled(node: Node) -> set[bytes]:
    with node.database.read() as db:
        return {row[0] for row in db.all("SELECT event FROM journal")}


def _agrees(machine: Machine, states: Mapping[bytes, tuple[Any, ...]]) -> None:
    """An office waits for nothing and holds what the centre holds; of an epoch before only what its own work still waits for."""
    with machine.node.database.read() as db:
        head, bound = journal.head(db), upstream.load_upstream(db)
        held = db.all("SELECT id, version, state FROM entity WHERE state IS NOT NULL AND version > 0")
        left = db.value("SELECT count(*) FROM entity WHERE version = 0 AND no NOT IN (SELECT entity_no FROM journal)")
    assert bound is not None and (bound.acked, bound.settled) == (head.seq, head.seq), f"{machine.name} waits: {bound}"
    wrong = [row[0].hex() for row in held if states.get(row[0]) != tuple(row[1:])]
    assert not wrong, f"{machine.name} holds other states than the centre (8): {wrong[:3]}"
    assert not left, f"{machine.name} holds {left} states of a centre that is no more"


_begin = renewal.begin


def _ack_kept(db: Db, head: journal.Head, reply: Any, now_ms: int) -> set[int]:
    """A node goes on where it was acknowledged, whoever it was that did."""
    bound = upstream.load_upstream(db)
    again = _begin(db, head, reply, now_ms)
    db.run("UPDATE upstream SET acked = ? WHERE id = 1", max(reply.ack, bound.acked if bound else 0))
    return again


def _epoch_kept(node: Node, db: Db, reason: str, **replayed: int) -> bytes:
    """A restored centre goes on as if nothing had happened."""
    return journal.head(db).epoch


BUGS: Mapping[str, Callable[[], list[tuple[object, str, Any]]]] = {
    "restore keeps the epoch": lambda: [(epochs, "begin", _epoch_kept)],
    "node keeps its ack across epochs": lambda: [(renewal, "begin", _ack_kept)],
    "safe is ack": lambda: [(backups, "safe_of", lambda db, node, incarnation: 1 << 40)],
}
