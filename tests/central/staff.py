"""A centre with its people at work, an office enrolled with it, and a browser for each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from intake_app import create_app
from intake_app.actions.accounts import actor_of
from intake_app.actions.step_report import step_report
from intake_app.node import Actor, Node
from intake_app.store.accounts import list_accounts
from tests import creators
from tests.hired import hire
from tests.pages import Browser

PASSWORD = "mot mat khau dai"
OFFICE = "0380"
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


@dataclass
class Staffed(creators.Province):
    """A province whose centre has accounts, pages and browsers."""

    staff: dict[str, Actor] = field(default_factory=dict)
    app: Flask = field(default_factory=lambda: Flask("none"))

    def arrived(self, **changes: Any) -> bytes:
        """A report that the office recorded and the centre holds."""
        found = self.record(OFFICE, **changes)
        self.sync()
        return found.id

    def take(self, username: str, report: bytes, step: str, **details: Any) -> None:
        """Let somebody of the centre take a step."""
        step_report(self.centre, self.staff[username], report, step, **details)

    def routed(self, agency: str = "SYT", **changes: Any) -> bytes:
        """A report that has been routed to an agency."""
        report = self.arrived(**changes)
        self.take("dispatch", report, "route", agency=agency)
        return report

    def browser(self, username: str, language: str = "en") -> Browser:
        """A browser in which that person is signed in."""
        made = Browser(self.app)
        made.sign_in(username, PASSWORD, language)
        return made


def set_up(folder: Path) -> None:
    """Make the nodes and accounts once, in a folder to be copied."""
    with creators.province(folder, OFFICE) as province:
        hire(province.centre, "admin", "Quản Trị", PEOPLE["admin"], PASSWORD)
        for name, roles in PEOPLE.items():
            if name != "admin":
                hire(province.centre, name, f"Người {name}", roles, PASSWORD, AGENCIES.get(name))


def open_staffed(folder: Path) -> Staffed:
    """The province of such a folder at work."""
    clock = creators.SetClock(creators.DECEMBER_2021_MS + 60_000)
    centre = creators.make_node(folder / "1022", "central", "1022", clock)
    office = creators.make_node(folder / OFFICE, "office", OFFICE, clock)
    people = {node.head.office: creators.somebody(node) for node in (centre, office)}
    return Staffed(centre, {OFFICE: office}, clock, people, actors(centre), create_app(centre.settings, centre))


def actors(node: Node) -> dict[str, Actor]:
    """The people of a node by their user names."""
    with node.database.read() as db:
        return {account.username: actor_of(account) for account in list_accounts(db)}
