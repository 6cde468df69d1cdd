"""What happens to the machines and on the line: exchanges, old requests, power cuts, wrong clocks, broken programs."""

from __future__ import annotations

from intake_app.actions import receive, reconcile
from sync.cycle import Summary
from sync.errors import BadMessage, NoNetwork
from tests.simulation import poison
from tests.simulation.machines import Killed, Machine
from tests.simulation.network import BAD_REPLIES, Wire
from tests.simulation.stage import Action, Part, Stage
from tests.simulation.world import let_in

YEAR_MS = 365 * 24 * 3600 * 1000


class Received:
    """Counts along what a run says it has received: a state is news once (7)."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.told = 0
        self.held = self.holds()

    def holds(self) -> dict[bytes, tuple[int | None, int]]:
        """Each entity with its version, and whether only a stub of it is kept."""
        rows = self.machine.eye.all("SELECT id, version, state IS NULL FROM entity")
        return {row[0]: (row[1], row[2]) for row in rows}

    def __call__(self, done: Summary) -> None:
        """After an exchange: no more states were received than changed."""
        now = self.holds()
        changed = sum(self.held.get(one) != found for one, found in now.items())
        assert done.received - self.told <= changed, (
            f"{self.machine.name} says it received {done.received - self.told} states, and {changed} changed"
        )
        self.held, self.told = now, done.received


def _sync(stage: Stage, machine: Machine) -> str:
    network, wire = stage.network, Wire(stage.network, machine)
    failed = ""
    try:
        summary = reconcile.reconcile(machine.node, wire, ignore_backoff=True, progress=Received(machine))
    except (NoNetwork, BadMessage) as reason:
        failed = reason.code
    assert failed or summary is not None, f"{machine.name} was asked to exchange and did not even try"
    if not failed and summary is not None:
        assert not network.lies, "something that the centre did not say was taken for its answer"
        return f"sent {summary.sent} received {summary.received} in {summary.requests} ({network.last})"
    assert network.lies == (network.last in BAD_REPLIES), "something else was taken for an answer before"
    assert machine.eye.digest() == wire.held, f"an exchange that failed with {failed} changed something"
    return f"{failed} ({network.last})"


def _replay(stage: Stage, machine: Machine) -> str:
    return stage.network.replay(machine)


def _job(stage: Stage, machine: Machine) -> str:
    """The centre's job judges what is stored and not judged yet."""
    centre = stage.world.centre
    try:
        return f"judged {receive.drain_inbox(centre.node)} segments"
    except Killed:
        centre.crash()
        return "centre killed"


def _clock(stage: Stage, machine: Machine) -> str:
    years = stage.chance.choice((-10, -1, 0, 0, 1, 10))
    machine.clock.wrong_ms = years * YEAR_MS if stage.clocks_go_wrong else 0
    return f"wrong by {years} years"


def _power(stage: Stage, machine: Machine) -> str:
    machine.crash()
    return "off and on"


def _poison(stage: Stage, machine: Machine) -> str:
    return poison.inject(machine, stage.chance, stage.poisoned)


def _units(stage: Stage, machine: Machine) -> str:
    units = tuple(sorted(stage.chance.sample(("2021:380", "2021:381", "2021:382"), stage.chance.choice((0, 1, 2)))))
    let_in(stage.world, machine.name, machine.settings.office, units)
    return f"looks after {units}"


PART = Part(
    actions=(
        Action("sync", 24, _sync),
        Action("replay", 4, _replay),
        Action("job", 3, _job),
        Action("clock", 1, _clock, "anyone"),
        Action("power", 2, _power, "anyone"),
        Action("poison", 2, _poison),
        Action("units", 3, _units),
    )
)
