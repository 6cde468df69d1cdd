"""A province in one process: a centre, a district office enrolled with it, and people with fixed rights."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from intake_app import create_app
from intake_app.actions.accounts import actor_of, add_account
from intake_app.actions.enroll import enroll, make_enrollment_code, welcome
from intake_app.actions.receive import exchange
from intake_app.actions.reconcile import reconcile
from intake_app.actions.record_report import record_report
from intake_app.actor import Actor
from intake_app.clock import Clock
from intake_app.config import Settings
from intake_app.node import Node, init_node, open_node
from intake_app.store.accounts import list_accounts
from intake_app.store.directory import Directory, load_directory
from sync.ports import Answer

PASSWORD = "mat khau dai"
OFFICER = "officer"
START_MS = 1_638_500_000_000  # 3 December 2021
PEOPLE = {
    "admin": ("administrator",),
    "dispatch": ("dispatcher",),
    "operator": ("operator",),
    "approver": ("approver",),
    "auditor": ("auditor",),
    "health": ("case_handler",),
    "trade": ("case_handler",),
}
AGENCIES = {"health": "SYT", "trade": "SCT"}
DIRECTORY: Directory = load_directory()


class SetClock(Clock):
    """A clock that is moved by hand."""

    def __init__(self, now_ms: int = START_MS) -> None:
        self.at_ms = now_ms

    def now_ms(self) -> int:
        """Each look is a millisecond later, as two events of a person never share one."""
        self.at_ms += 1
        return self.at_ms


class InProcess:
    """The way to a centre that is in the same process."""

    def __init__(self, centre: Node) -> None:
        self.centre = centre

    def send(self, path: str, data: bytes) -> Answer:
        """Ask the door of enrolment."""
        return self._answer(data, welcome(self.centre, data))

    def post(self, data: bytes) -> Answer:
        """Exchange once."""
        return self._answer(data, exchange(self.centre, data))

    def _answer(self, asked: bytes, reply: bytes) -> Answer:
        return Answer(reply, len(asked), len(reply), 0.01)


@dataclass
class Province:
    """The nodes, the people and the centre's application."""

    centre: Node
    office: Node
    app: Flask
    people: dict[str, Actor]
    officer: Actor
    clock: SetClock
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def record(self, **changes: Any) -> bytes:
        """Record a report at the office; it is not sent yet."""
        line = {"channel": "phone", "topic": "price_fraud", "unit": "2021:14758", "phone": "0912 345 678"}
        line |= {"summary": f"Việc số {next(self.numbers)}"} | changes
        return record_report(self.office, self.officer, line).id

    def exchange(self) -> Any:
        """Let the office talk with the centre until nothing moves."""
        return reconcile(self.office, InProcess(self.centre), ignore_backoff=True)

    def client(self, username: str | None = None, language: str = "en") -> FlaskClient:
        """A browser of one of the people."""
        client = self.app.test_client()
        client.get(f"/sign-in?lang={language}")
        if username:
            done = client.post("/sign-in", data={"username": username, "password": PASSWORD})
            assert done.status_code == 303, done.text
        return client

    def close(self) -> None:
        """Let go of the databases."""
        self.centre.close()
        self.office.close()


def make_node(folder: Path, role: str, office: str, clock: Clock) -> Node:
    """A node in a folder of its own; one that is there is opened again."""
    settings = Settings(folder, role, office, secret_key="x" * 32)  # type: ignore[arg-type]
    init_node(settings, clock=clock)
    return open_node(settings, clock=clock, directory=DIRECTORY)


def set_up(folder: Path) -> None:
    """A centre with its people and an office enrolled with it, left in a folder to be copied: passwords take their time."""
    clock = SetClock()
    centre, office = (
        make_node(folder / "centre", "central", "1022", clock),
        make_node(folder / "office", "office", "0380", clock),
    )
    first = add_account(centre, None, "admin", "Quản Trị", PEOPLE["admin"], PASSWORD)
    for name, roles in PEOPLE.items():
        if name != "admin":
            add_account(centre, first, name, f"Người {name}", roles, PASSWORD, AGENCIES.get(name))
    officer = add_account(office, None, OFFICER, "Trần Thị B", ("administrator", "intake_officer"), PASSWORD)
    code = make_enrollment_code(centre, first, "0380")
    enroll(office, officer, "http://127.0.0.1:1", code, link=InProcess(centre))  # type: ignore[arg-type]
    centre.close()
    office.close()


def open_province(folder: Path) -> Province:
    """The nodes of such a folder at work."""
    clock = SetClock(START_MS + 60_000)
    centre, office = (
        make_node(folder / "centre", "central", "1022", clock),
        make_node(folder / "office", "office", "0380", clock),
    )
    app = create_app(centre.settings, centre)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    people = actors(centre)
    return Province(centre, office, app, people, actors(office)[OFFICER], clock)


def actors(node: Node) -> dict[str, Actor]:
    """The people of a node by their user names."""
    with node.database.read() as db:
        return {account.username: actor_of(account) for account in list_accounts(db)}
