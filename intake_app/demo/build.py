"""Making the nodes of the demo: set-up, accounts, sample reports, enrolment, answers.

Every step looks first whether it is done, so a demo that was ended in the middle goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from intake_app.actions.accounts import actor_of, add_account
from intake_app.actions.enroll import enroll, make_enrollment_code
from intake_app.actions.export_reports import export_reports
from intake_app.actions.keep_contacts import add_contact
from intake_app.actions.publish_article import publish_samples
from intake_app.actions.publish_rule import publish_sample_rules
from intake_app.actions.reconcile import reconcile
from intake_app.actions.record_report import record_lines
from intake_app.actions.setup import set_up
from intake_app.actions.step_report import step_report
from intake_app.actor import Actor
from intake_app.clock import from_iso, iso
from intake_app.config import load_settings, write_settings
from intake_app.demo.link import Network
from intake_app.demo.province import CENTRE, CENTRE_LEADER, MEMBERS, OFFICES, PASSWORD, SYNC_SECONDS, Member
from intake_app.files import write_private_file
from intake_app.node import Node, open_node
from intake_app.store import contacts
from intake_app.store.accounts import find_account, first_administrator
from intake_app.store.contacts import Contact
from intake_app.store.queue import queue_status
from intake_app.store.shipped import load_directory
from intake_app.words import gettext as _
from sync.errors import BadMessage, NoNetwork
from sync.transport import HttpLink
from sync.working_time import DAY_MS

DATA = Path(__file__).resolve().parent.parent / "data"
# How far each sample that has an answer is taken, in turn: a list in which all stand alike teaches nobody anything.
PLANS = (("route", "accept", "answer"), ("route",), ("route", "accept"), (), ("route", "accept", "answer"), ())
ROSTER_MS = 30 * 24 * 3600 * 1000
LEAVES = {"route": "received", "accept": "routed", "answer": "in_progress"}


class Builder:
    """The nodes of one demo, on their way from nothing to a province at work."""

    def __init__(self, root: Path, first_port: int, network: Network, say: Callable[[str], None]) -> None:
        self.root = root
        self.first_port = first_port
        self.network = network
        self.say = say
        self.directory = load_directory()
        self.samples = _read(DATA / "samples.jsonl")
        self.newest_ms = max(from_iso(str(line["received_at"])) for line in self.samples)

    def instance(self, member: Member) -> Path:
        """Where a node keeps its files."""
        return member.instance(self.root)

    def port(self, member: Member) -> int:
        """Where a node's pages are."""
        return member.port(self.first_port)

    @property
    def _mark(self) -> Path:
        return self.root / "finished"

    def is_finished(self) -> bool:
        """Whether all of this was done at an earlier start, with the same ports."""
        return self._mark.exists() and self._mark.read_text(encoding="ascii") == str(self.first_port)

    def finish(self) -> None:
        """Remembers that all is done, so that the next start only starts."""
        write_private_file(self._mark, str(self.first_port))

    def set_up_all(self) -> None:
        """Makes the folders, settings, databases and accounts of all nodes."""
        self.say(_("Setting up four nodes…"))
        with ThreadPoolExecutor(len(MEMBERS)) as pool:
            list(pool.map(self._set_up, MEMBERS))

    def _set_up(self, member: Member) -> None:
        instance, admin = self.instance(member), member.admin
        settings = load_settings(instance)
        if settings.role is None:
            settings = set_up(instance, member.role, member.office, admin.username, admin.name, PASSWORD)
        wanted = replace(settings, port=self.port(member), sync_seconds=SYNC_SECONDS, demo=True)
        if wanted != settings:
            write_settings(wanted)
        with self._open(member) as node:
            actor = first_actor(node)
            with node.database.read() as db:
                missing = [one for one in member.people if find_account(db, one.username) is None]
            for one in missing:
                add_account(node, actor, one.username, one.name, one.roles, PASSWORD, one.agency)

    def fill_offices(self) -> None:
        """Records the sample reports, each at the office it would come to."""
        self.say(_("Recording sample reports…"))
        shares: dict[str, list[tuple[int, dict[str, object]]]] = {member.office: [] for member in MEMBERS}
        for number, line in enumerate(self.samples, 1):
            shares[self._office_of(str(line["unit"]), number)].append((number, line))
        for member in MEMBERS:
            with self._open(member) as node:
                lines = brought_up(shares[member.office], self.newest_ms, node.clock.now_ms())
                record_lines(node, actor_named(node, member.people[0].username), lines)
                _enter_numbers(node)

    def _office_of(self, unit: str, number: int) -> str:
        """The office nearest to a unit; what is far from all three comes to them and to the hotline in turn."""
        above = self.directory.ancestors(unit)
        for member in reversed(OFFICES):
            if self.directory.offices[member.office].unit in above:
                return member.office
        return MEMBERS[number % len(MEMBERS)].office

    def bind_offices(self) -> None:
        """Enrols every office over its link and sends what it has."""
        self.say(_("Binding the offices to the centre…"))
        for member in OFFICES:
            with self._open(member) as node, closing(HttpLink(self.network.links[member.office].url)) as link:
                with node.database.read() as db:
                    bound_to = queue_status(db).central_url
                # Another first port moves the links; the node is then told of the new address by the same way.
                if bound_to != link.url:
                    self._enrol(node, link)
                # What does not get through now, the office's own process sends within seconds.
                with suppress(NoNetwork, BadMessage):
                    reconcile(node, link, ignore_backoff=True)

    def _enrol(self, node: Node, link: HttpLink) -> None:
        with self._open(CENTRE) as centre:
            code = make_enrollment_code(centre, first_actor(centre), node.settings.office)
        enroll(node, first_actor(node), link.url, code, link=link)

    def answer_samples(self) -> None:
        """Routes and answers some of the sample reports at the centre, each as far as its plan goes."""
        self.say(_("Answering some of them at the centre…"))
        answers = {str(line["source_id"]): line for line in _read(DATA / "sample_answers.jsonl")}
        with self._open(CENTRE) as node:
            publish_samples(node, first_actor(node), _read(DATA / "sample_articles.jsonl"))
            publish_sample_rules(node, first_actor(node), _read(DATA / "sample_rules.jsonl"))
            actor = actor_named(node, CENTRE_LEADER)
            found = {str(line["source_id"]): line for line in export_reports(node)}
            for number, (source_id, answer) in enumerate(answers.items()):
                if source_id in found:
                    _follow_plan(node, actor, found[source_id], answer, PLANS[number % len(PLANS)])

    @contextmanager
    def _open(self, member: Member) -> Iterator[Node]:
        node = open_node(load_settings(self.instance(member)), directory=self.directory)
        try:
            yield node
        finally:
            node.close()


def brought_up(
    lines: Iterable[tuple[int, dict[str, object]]], newest_ms: int, now_ms: int
) -> Iterator[tuple[int, dict[str, object]]]:
    """The samples as if the newest had come in the last day: else all of them would be years over their deadline."""
    later_ms = (now_ms - newest_ms) // DAY_MS * DAY_MS
    for number, line in lines:
        moved = {key: iso(from_iso(str(line[key])) + later_ms) for key in ("received_at", "occurred_at") if line.get(key)}
        yield number, line | moved


def _enter_numbers(node: Node) -> None:
    """Fills the directory of a node with sample numbers, and with a duty roster of a month, unless somebody has begun one."""
    now = node.clock.now_ms()
    today, last = iso(now)[:10], iso(now + ROSTER_MS)[:10]
    with node.database.read() as db:
        if contacts.holding_on(db, today):
            return
    for line in _read(DATA / "sample_contacts.jsonl"):
        duty = bool(line["duty"])
        new = Contact(
            duty, str(line["agency"]), "", str(line["name"]), str(line["phone"]), str(line.get("note", "")), today,
            last if duty else None,
        )  # fmt: skip
        add_contact(node, first_actor(node), new)


def _follow_plan(
    node: Node, actor: Actor, line: dict[str, object], answer: dict[str, object], plan: tuple[str, ...]
) -> None:
    status = line["status"]
    details = {"route": {"agency": answer["lead_agency"]}, "accept": {}, "answer": {"answer": answer["answer"]}}
    for step in plan:
        if status == LEAVES[step]:
            step_report(node, actor, bytes.fromhex(str(line["id"])), step, **details[step])
            status = {"route": "routed", "accept": "in_progress", "answer": "answered"}[step]


def first_actor(node: Node) -> Actor:
    """The first administrator of a node."""
    with node.database.read() as db:
        account = first_administrator(db)
    assert account is not None, "a node that is set up has an administrator"
    return actor_of(account)


def actor_named(node: Node, username: str) -> Actor:
    """The person of the demo with that user name."""
    with node.database.read() as db:
        account = find_account(db, username)
    assert account is not None, "the accounts were made before"
    return actor_of(account)


def _read(file: Path) -> list[dict[str, object]]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
