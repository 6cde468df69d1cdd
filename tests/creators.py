"""What tests of store and actions start from: nodes, people, reports, a province whose line is in this process.

Creators take keyword arguments; a test says only what matters to it. Databases do not wait for the disk, and people have no
account (its password hash costs 35 ms) unless a test is about accounts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from intake_app.actions.amend_report import amend_report
from intake_app.actions.decide_conflict import decide_conflict
from intake_app.actions.enroll import enroll, make_enrollment_code, welcome
from intake_app.actions.making import make_event
from intake_app.actions.receive import exchange
from intake_app.actions.reconcile import SyncSummary, reconcile
from intake_app.actions.record_report import Recorded, record_report
from intake_app.actions.step_report import step_report
from intake_app.clock import Clock
from intake_app.config import Settings
from intake_app.node import DATABASE_FILE, Actor, Node, database_url, init_node, open_node
from intake_app.store import conflicts, reports, schema
from intake_app.store.conflicts import ConflictRow
from intake_app.store.database import open_database
from intake_app.store.directory import Directory
from intake_app.store.entities import add_entities, load_entities, save_entities
from intake_app.store.own_events import write_events
from intake_app.store.queue import refused_events
from intake_app.store.reports import Report
from intake_app.store.shipped import load_directory
from sync.errors import NoNetwork
from sync.event import Event
from sync.ingest import entity_type
from sync.outcome import Outcome
from sync.ports import Answer
from tests.postgres import postgres_address, shared_server

DIRECTORY: Directory = load_directory()
DECEMBER_2021_MS = 1_638_700_000_000
HERE = {"0380": "2021:14758", "0381": "2021:14809", "1022": "2021:14758"}  # a commune inside each office's own unit
ALL_ROLES = ("administrator", "intake_officer", "operator", "dispatcher", "case_handler", "approver")
SQLITE, POSTGRES = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRES)
centre_database = SQLITE  # where a province's centre keeps its data if nobody says; tests that run on both set it
_numbers = itertools.count(1)


class SetClock(Clock):
    """A clock that is moved by hand; each look is a millisecond later, as no person does two things in one."""

    def __init__(self, at_ms: int = DECEMBER_2021_MS) -> None:
        self.at_ms = at_ms

    def now_ms(self) -> int:
        self.at_ms += 1
        return self.at_ms


def make_settings(folder: Path, role: str = "office", office: str = "0380", address: str | None = None) -> Settings:
    return Settings(folder, role, office, database_url=address, secret_key="x" * 32)  # type: ignore[arg-type]


@cache
def _empty_database() -> bytes:
    """The file of a database that has all tables and nothing in them: making them anew for each test costs most of its time."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / DATABASE_FILE
        database = open_database(f"sqlite:///{file}", durable=False)
        schema.create(database)
        database.close()
        return file.read_bytes()


def make_node(
    folder: Path, role: str = "office", office: str = "0380", clock: Clock | None = None, address: str | None = None
) -> Node:
    """A node in a folder of its own, or with its database at an address; made the first time, opened again after."""
    settings, clock = make_settings(folder, role, office, address), clock or SetClock()
    folder.mkdir(parents=True, exist_ok=True)
    if address is None and not (folder / DATABASE_FILE).exists():
        (folder / DATABASE_FILE).write_bytes(_empty_database())
    database = open_database(database_url(settings), durable=False)
    init_node(settings, clock=clock, database=database)
    return open_node(settings, clock=clock, database=database, directory=DIRECTORY)


def somebody(node: Node, *roles: str, agency: str | None = None, name: str = "Trần Thị Bình") -> Actor:
    """A person of a node's office with these roles, or with all of them."""
    office = node.directory.offices[node.head.office]
    person = sha256(f"{name} {node.head.office}".encode()).digest()[:16]
    return Actor(
        person, "binh", name, frozenset(roles or ALL_ROLES), office.number, office.agency if agency is None else agency
    )


def employ(node: Node, *roles: str, name: str = "Lê Văn Tám") -> Actor:
    """A person whom the centre will have heard of: an event says who they are, as an account would."""
    who = somebody(node, *roles, name=name)
    opened = {"username": "tam", "name": name, "office": who.office, "roles": sorted(who.roles), "agency": who.agency}
    event = make_event(
        node, somebody(node), "person.added", None, {key: value for key, value in opened.items() if value}
    )
    with node.database.transaction() as db:
        write_events(node, db, [event])
    return replace(who, person=event.id)


def journal_event(
    node: Node, actor: Actor, kind: str, entity: bytes | None, opened: dict[str, Any], version: int = 1
) -> Event:
    """Journal an event past every form, as a broken or an older program would."""
    event = make_event(node, actor, kind, entity, opened)._replace(version=version)
    with node.database.transaction() as db:
        if event.entity != event.id and event.entity not in load_entities(db, [event.entity]):
            save_entities(db, add_entities(db, [(event.entity, entity_type(kind))]))
        write_events(node, db, [event])
    return event


def refusals(node: Node) -> dict[str, tuple[str, str]]:
    """What the centre would not take of a node's, by kind: verdict and code."""
    with node.database.read() as db:
        return {one.kind: (one.verdict, one.code) for one in refused_events(db)}


def make_line(office: str = "0380", /, **changes: Any) -> dict[str, Any]:
    """A record line that fits; None takes a key out."""
    line = {"channel": "phone", "topic": "price_fraud", "unit": HERE[office], "summary": f"Việc số {next(_numbers)}"}
    return {key: value for key, value in (line | changes).items() if value is not None}


def record(node: Node, actor: Actor | None = None, /, **changes: Any) -> Recorded:
    """Record a report as somebody of the office."""
    return record_report(node, actor or somebody(node), make_line(node.head.office, **changes))


def load(node: Node, found: Recorded) -> Report | None:
    """A report as a node sees it now."""
    with node.database.read() as db:
        return reports.load_report(db, found.id)


def state_of(node: Node, found: Recorded) -> dict[str, Any]:
    """What a node sees of a report that it must hold."""
    report = load(node, found)
    assert report is not None
    return report.state


def open_conflicts(node: Node) -> list[ConflictRow]:
    with node.database.read() as db:
        return conflicts.list_conflicts(db)


class InProcess:
    """The way to a centre in this process. `lose` cuts the way back of that many answers; `seen` keeps the requests."""

    def __init__(self, centre: Node, lose: int = 0) -> None:
        self.centre = centre
        self.lose = lose
        self.seen: list[bytes] = []

    def send(self, path: str, data: bytes) -> Answer:
        return self._answer(data, welcome(self.centre, data))

    def post(self, data: bytes) -> Answer:
        return self._answer(data, exchange(self.centre, data))

    def close(self) -> None:
        """Nothing to let go of."""

    def _answer(self, asked: bytes, reply: bytes) -> Answer:
        self.seen.append(asked)
        if self.lose:
            self.lose -= 1
            raise NoNetwork("timed_out")
        return Answer(reply, len(asked), len(reply), 0.01)


@dataclass
class Province:
    """A centre and its offices, all with one clock."""

    centre: Node
    offices: dict[str, Node]
    clock: SetClock
    people: dict[str, Actor] = field(default_factory=dict)

    def node(self, office: str) -> Node:
        return self.centre if office == "1022" else self.offices[office]

    def actor(self, office: str) -> Actor:
        return self.people[office]

    def record(self, office: str, /, **changes: Any) -> Recorded:
        return record(self.node(office), self.actor(office), **changes)

    def amend(self, office: str, found: Recorded, /, **changes: Any) -> Outcome:
        return amend_report(self.node(office), self.actor(office), found.id, changes)

    def step(self, office: str, found: Recorded, step: str, **details: Any) -> Outcome:
        return step_report(self.node(office), self.actor(office), found.id, step, **details)

    def decide(self, office: str, keep: str, value: Any = None) -> Outcome:
        first = open_conflicts(self.node(office))[0]
        return decide_conflict(self.node(office), self.actor(office), [first.id], keep, value)

    def sync(self, *offices: str, lose: int = 0) -> SyncSummary | None:
        """Let these offices, or all, exchange until nothing moves; gives what the last one did."""
        done = None
        for office in offices or tuple(self.offices):
            done = reconcile(self.offices[office], InProcess(self.centre, lose), ignore_backoff=True)
        return done

    def seen(self, office: str, found: Recorded) -> dict[str, Any]:
        return state_of(self.node(office), found)

    def holds(self, office: str, found: Recorded) -> bool:
        return load(self.node(office), found) is not None


def bind(centre: Node, office: Node) -> None:
    """Enrol an office with a fresh code."""
    code = make_enrollment_code(centre, somebody(centre), office.head.office)
    enroll(office, somebody(office), "http://127.0.0.1:1", code, link=InProcess(centre))  # type: ignore[arg-type]


@contextmanager
def province(folder: Path, *offices: str, database: str | None = None) -> Iterator[Province]:
    """A centre with these offices enrolled, or with 0380 alone; the centre's database may be on a real PostgreSQL."""
    clock = SetClock()
    address = postgres_address() if (database or centre_database) == POSTGRES else None
    centre = make_node(folder / "1022", "central", "1022", clock, address)
    nodes = {office: make_node(folder / office, "office", office, clock) for office in offices or ("0380",)}
    for node in nodes.values():
        bind(centre, node)
    people = {node.head.office: somebody(node) for node in (centre, *nodes.values())}
    made = Province(centre, nodes, clock, people)
    try:
        yield made
    finally:
        for node in (made.centre, *nodes.values()):
            node.close()
        for used in {address, made.centre.settings.database_url} - {None}:
            shared_server().drop(str(used))
