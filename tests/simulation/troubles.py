"""What goes wrong around the data: full, locked and read-only disks, long readers, two workers, hours set back, time gone by."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from intake_app.actions import amend_report, reconcile
from sync.errors import BadMessage, IntakeError, NoNetwork
from sync.ports import Answer
from tests.simulation.faults import Received
from tests.simulation.machines import Machine
from tests.simulation.network import Wire
from tests.simulation.stage import Action, Invariant, Part, Stage

DAY_MS = 24 * 3600 * 1000


class SecondRun(Wire):
    """A line on which a second worker of the same machine runs a whole exchange while the first one waits for its answer."""

    def __init__(self, stage: Stage, machine: Machine, at: int, before: bool) -> None:
        super().__init__(stage.network, machine)
        self.at = at
        self.before = before
        self.second = "never came"
        self.received = Received(machine)

    def post(self, data: bytes) -> Answer:
        """Send, with the other worker's run before the request goes out or before its answer is taken."""
        self.at -= 1
        if self.at == 0 and self.before:
            self._run()
        answer = super().post(data)
        if self.at == 0 and not self.before:
            self._run()
        return answer

    def _run(self) -> None:
        fault, lies = self.network.last, self.network.lies
        try:
            done = reconcile.reconcile(self.machine.node, Wire(self.network, self.machine), ignore_backoff=True)
            self.second = f"sent {done.sent} received {done.received}" if done else "waits"
        except IntakeError as reason:
            self.second = reason.code
        self.received.held = self.received.holds()
        self.network.last, self.network.lies = fault, lies


def _two_workers(stage: Stage, machine: Machine) -> str:
    """Two exchanges of one machine at once: a timer that fires twice, a command beside a running server."""
    wire = SecondRun(stage, machine, stage.chance.choice((1, 1, 2)), stage.chance.random() < 0.5)
    try:
        done = reconcile.reconcile(machine.node, wire, ignore_backoff=True, progress=wire.received)
    except (NoNetwork, BadMessage) as reason:
        return f"{reason.code} ({stage.network.last}), the other {wire.second}"
    return f"sent {done.sent} received {done.received}, the other {wire.second}" if done else "waits"


def _crossing(stage: Stage, machine: Machine) -> str:
    """Two machines change the same two reports, in opposite order."""
    other = stage.chance.choice([one for one in stage.world.machines.values() if one is not machine])
    ids = [{row[0] for row in one.eye.all(_LISTED)} for one in (machine, other)]
    both = sorted(ids[0] & ids[1])
    if len(both) < 2:
        return "nothing in common"
    pair = stage.chance.sample(both, 2)
    told = []
    for one, reports in ((machine, pair), (other, pair[::-1])):
        for report in reports:
            try:
                done = amend_report.amend_report(one.node, one.actor, report, {"summary": stage.words()})
                told.append(f"{one.name} {report.hex()[-6:]} {done.verdict}")
            except IntakeError as reason:
                told.append(f"{one.name} {report.hex()[-6:]} {reason.code}")
    return ", ".join(told)


_LISTED = "SELECT e.id FROM report r JOIN entity e ON e.no = r.no"


class Reader:
    """A snapshot that somebody keeps open."""

    def __init__(self, machine: Machine) -> None:
        self.node = machine.node
        self.holder: AbstractContextManager[Any] = machine.node.database.read()
        self.db = self.holder.__enter__()
        self.seen = self.look()

    def look(self) -> tuple[Any, ...]:
        """What the snapshot shows."""
        row = self.db.one("SELECT (SELECT count(*) FROM journal), (SELECT coalesce(sum(version), 0) FROM entity)")
        return tuple(row or ())

    def end(self) -> None:
        """Let go of the snapshot."""
        self.holder.__exit__(None, None, None)


def _reader(stage: Stage, machine: Machine) -> str:
    """An export that takes long: a read transaction stays open over many steps."""
    readers: dict[str, Reader] = stage.memory.setdefault("readers", {})
    if (old := readers.pop(machine.name, None)) is not None and old.node is machine.node:
        old.end()
        return "a long read ends"
    readers[machine.name] = Reader(machine)
    return "a long read begins"


def _snapshots(stage: Stage) -> None:
    """A reader sees one state of the database, however long it reads, and keeps no writer waiting (13)."""
    readers: dict[str, Reader] = stage.memory.get("readers", {})
    for name, reader in list(readers.items()):
        if reader.node is not stage.world.machines[name]._node:
            del readers[name]  # the machine lost its power, and the reader with it
        else:
            assert reader.look() == reader.seen, f"{name}: a long read saw something change"


def _end_reading(stage: Stage) -> None:
    readers: dict[str, Reader] = stage.memory.pop("readers", {})
    for name, reader in readers.items():
        if reader.node is stage.world.machines[name]._node:
            reader.end()


def _time(stage: Stage, machine: Machine) -> str:
    """Days go by for everybody."""
    days = stage.chance.choice((1, 3, 40))
    for one in stage.world.machines.values():
        one.clock.true_ms += days * DAY_MS
    return f"{days} days go by"


PART = Part(
    actions=(
        Action("two workers", 2, _two_workers),
        Action("crossing", 2, _crossing, "anyone"),
        Action("reader", 1, _reader, "anyone"),
        Action("time", 0.5, _time),
    ),
    invariants=(Invariant("a long read sees one state", (13,), "step", _snapshots),),
    before_healing=(_end_reading,),
)
