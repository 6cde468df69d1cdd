"""Worlds: a centre and two to four offices, made once per shape and copied for each seed."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

from intake_app.actions import accounts, asking, enroll, receive, reconcile, verify_node
from intake_app.config import Settings
from intake_app.node import Actor, init_node
from intake_app.store.directory import Directory
from intake_app.store.shipped import load_directory
from sync import protocol, segment, tracking_code
from sync.ports import Answer
from tests.postgres import postgres_address, shared_server
from tests.ram import fast_folder
from tests.simulation.machines import Fuse, Machine, SteppingClock

START_MS = 1_638_500_000_000  # 3 December 2021
SQLITE, POSTGRES = "sqlite", "postgresql"
centre_database = SQLITE  # where the centre of a world keeps its data
CENTRE = "C"
DIRECT_OF_32 = 31  # seeds that go past SQLAlchemy, and squeeze what they send quickly instead of well
TOWN, COAST, HILLS = "0380", "0381", "0382"
BORDER_UNIT = "2021:14809"  # of the coast, looked after by the town too where a shape says so
# Letters name machines; two of one office, offices with overlapping scopes, one that looks after everything below.
SHAPES: tuple[dict[str, tuple[str, tuple[str, ...]]], ...] = (
    {"A": (TOWN, ()), "B": (COAST, ())},
    {"A": (TOWN, ()), "B": (TOWN, ())},
    {"A": (TOWN, (BORDER_UNIT,)), "B": (COAST, ()), "D": (TOWN, ())},
    {"A": (TOWN, ()), "B": (COAST, ()), "D": (HILLS, ("2021:380",)), "E": (COAST, ("2021:382",))},
)


@dataclass
class World:
    """The machines of one run, by name; the centre is C."""

    root: Path
    machines: dict[str, Machine]

    @property
    def centre(self) -> Machine:
        """The hotline's machine."""
        return self.machines[CENTRE]

    @property
    def offices(self) -> list[Machine]:
        """The other machines."""
        return [machine for name, machine in self.machines.items() if name != CENTRE]

    def close(self) -> None:
        """Let go of every file and remove them."""
        for machine in self.machines.values():
            machine.stop()
            if machine.settings.database_url:
                shared_server().drop(machine.settings.database_url)
        shutil.rmtree(self.root, ignore_errors=True)


@cache
def directory() -> Directory:
    """The reference data, read once."""
    return load_directory()


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="simulation-", dir=fast_folder()))


def _machine(root: Path, name: str, office: str, seed: object, actor: Actor, server: str | None) -> Machine:
    role, address = ("central", server) if name == CENTRE else ("office", None)
    settings = Settings(root / name, role, office, database_url=address, secret_key="none")  # type: ignore[arg-type]
    entropy = random.Random(f"{seed}/{name}")
    return Machine(name, settings, actor, directory(), SteppingClock(START_MS), entropy, Fuse(name))


class Doorstep:
    """The way to the centre's door of enrolment."""

    def __init__(self, centre: Machine) -> None:
        self.centre = centre

    def send(self, path: str, data: bytes) -> Answer:
        """Knock."""
        return Answer(enroll.welcome(self.centre.node, data), 0, 0, 0.0)


NOBODY = Actor(bytes(16), "", "", frozenset(), "", "")


@cache
def _template(shape: int, database: str) -> tuple[Path, dict[str, tuple[str, Actor]], str | None]:
    """Files, people and the centre's server of a shape: set up and enrolled, nothing recorded yet."""
    root, server = _folder(), postgres_address() if database == POSTGRES else None
    # A process of a pool ends without `atexit`.
    Finalize(None, shutil.rmtree, (root, True), exitpriority=1)
    places = {CENTRE: ("1022", ()), **SHAPES[shape]}
    people: dict[str, tuple[str, Actor]] = {}
    world = World(root, {})
    for name, (office, _) in places.items():
        machine = _machine(root, name, office, f"template {shape}", NOBODY, server)
        init_node(machine.settings, clock=machine.clock, entropy=machine.entropy.randbytes)
        roles = accounts.first_roles(machine.settings.role or "")
        machine.actor = accounts.add_account(machine.node, None, f"p-{name.lower()}", name, roles, "mat-khau-dai")
        people[name] = (office, machine.actor)
        world.machines[name] = machine
    for name, (office, units) in SHAPES[shape].items():
        let_in(world, name, office, units)
    for machine in world.machines.values():
        machine.node.close()
        machine.stop()
    return root, people, server


def let_in(world: World, name: str, office: str, units: tuple[str, ...]) -> None:
    """Enrol a machine, or enrol it again for other units."""
    centre, machine = world.centre, world.machines[name]
    code = enroll.make_enrollment_code(centre.node, centre.actor, office, units)
    enroll.enroll(machine.node, machine.actor, "http://127.0.0.1:1", code, link=Doorstep(centre))  # type: ignore[arg-type]


def make_world(seed: int) -> World:
    """The world of a seed, before anything has happened in it."""
    source, people, template = _template(seed % len(SHAPES), centre_database)
    root, server = _folder(), postgres_address(template) if template else None
    shutil.copytree(source, root, dirs_exist_ok=True)
    machines = {name: _machine(root, name, office, seed, actor, server) for name, (office, actor) in people.items()}
    for machine in machines.values():
        machine.direct = seed % 32 < DIRECT_OF_32 and machine.settings.database_url is None
    return World(root, machines)


@contextmanager
def small_limits(seed: int, events: int) -> Iterator[None]:
    """Pages and segments of a few rows, so that a short run has many of them; codes of a small range, so that they collide."""
    chance = random.Random(f"limits {seed}")
    small = max(1, events // 200)
    page, most = (
        chance.choice((2 * small, 3 * small, 5 * small, 1000)),
        chance.choice((small, 3 * small, 8 * small, 1000)),
    )
    kept = (
        protocol.PAGE_ENTITIES_MAX,
        reconcile.SEGMENT_EVENTS_MAX,
        tracking_code.RANDOM_MAX,
        receive.LATER_EVENTS_MIN,
        asking.URGENT_WAITS_SECONDS,
        segment.SLOW_LEVEL,
    )
    if seed % 32 < DIRECT_OF_32:
        segment.SLOW_LEVEL = segment.FAST_LEVEL  # the level for short messages and slow lines is a twentieth of a run
    asking.URGENT_WAITS_SECONDS = chance.choice((0.0, 0.0, 10.0))
    receive.LATER_EVENTS_MIN = chance.choice((1, 2, 1000))
    protocol.PAGE_ENTITIES_MAX = page
    reconcile.SEGMENT_EVENTS_MAX = most
    tracking_code.RANDOM_MAX = max(60, events)
    try:
        yield
    finally:
        protocol.PAGE_ENTITIES_MAX, reconcile.SEGMENT_EVENTS_MAX, tracking_code.RANDOM_MAX = kept[:3]
        receive.LATER_EVENTS_MIN, asking.URGENT_WAITS_SECONDS, segment.SLOW_LEVEL = kept[3:]


def findings(machine: Machine) -> list[dict[str, object]]:
    """What `verify` says of a machine."""
    return verify_node.verify_node(machine.node).problems
