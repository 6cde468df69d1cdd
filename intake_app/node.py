"""A node at work: everything an action is handed. One installation has one."""

from __future__ import annotations

import os
import platform
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from sqlalchemy import URL

from intake_app.actor import Actor as Actor
from intake_app.clock import Clock
from intake_app.config import Settings
from intake_app.store import epochs, journal, keys, lives, schema
from intake_app.store.database import Database, open_database
from intake_app.store.directory import Directory
from intake_app.store.postgres import with_driver
from intake_app.store.proofs import Proofs
from intake_app.store.reference import Reference
from intake_app.store.shipped import load_directory
from intake_app.store.side_file import Mark, SideFile
from sync import chain
from sync.errors import Refused

Entropy = Callable[[int], bytes]
DATABASE_FILE = "intake.db"
KEY_FILE = "keys/node.key"
SIDE_FILE = "side"


@dataclass(frozen=True)
class Node:
    """One installation: its settings, database, clock, reference data, key, side file and source of randomness."""

    settings: Settings
    database: Database
    clock: Clock
    reference: Reference
    keys: keys.Keys
    side_file: SideFile
    entropy: Entropy
    head: journal.Head  # who this node is; its seq is that of the start, the present one stands in the database
    alarms: list[str] = field(default_factory=list)
    proofs: Proofs = field(default_factory=Proofs)

    @property
    def directory(self) -> Directory:
        """Units, offices, agencies and topics as this process read them last; `Reference.at` looks again."""
        return self.reference.directory

    @property
    def is_central(self) -> bool:
        """Whether this node is the centre."""
        return self.head.role == "central"

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def database_url(settings: Settings) -> str:
    """Where this installation keeps its data."""
    if settings.database_url:
        return with_driver(settings.database_url)
    own = URL.create("sqlite", database=str(settings.instance / DATABASE_FILE))  # a folder's name may hold any letter
    return own.render_as_string(hide_password=False)


def fingerprint() -> bytes:
    """What tells this machine from another: a clone or a move changes it, a repair may too, so it never blocks."""
    address = uuid.getnode()
    if address >> 40 & 1:
        address = 0  # made up at random for this process, because the machine has none
    return sha256(f"{address}/{platform.node()}/{platform.machine()}".encode()).digest()[:16]


def init_node(
    settings: Settings,
    *,
    clock: Clock | None = None,
    entropy: Entropy = secrets.token_bytes,
    database: Database | None = None,
) -> None:
    """Make the identity, key and database of a new installation; one that is there already stays as it is."""
    clock = clock or Clock()
    os.makedirs(settings.instance, exist_ok=True)
    key = keys.make_key(settings.instance / KEY_FILE, entropy(32))
    own = database or open_database(database_url(settings))
    try:
        schema.create(own)
        with own.transaction() as db:
            if db.one("SELECT 1 FROM self_node"):
                # A file in this folder is ours; a database on a server may be anybody's.
                if db.postgres and not db.one("SELECT 1 FROM node WHERE public_key = ?", key.public):
                    raise Refused("other_database")
                return
            node, incarnation = entropy(16), entropy(8)
            epoch = entropy(8) if settings.role == "central" else b""
            db.run(
                "INSERT INTO self_node (id, role, node, office, life, incarnation, seq, hash, epoch, fingerprint, created_ms)"
                " VALUES (1,?,?,?,1,?,0,?,?,?,?)",
                settings.role, node, settings.office, incarnation, chain.genesis(node, incarnation), epoch,
                fingerprint(), clock.now_ms(),
            )  # fmt: skip
            lives.note_first(db, incarnation, clock.now_ms())
            db.run("INSERT INTO feed_counter (id, value) VALUES (1, 0)")
            if settings.role == "central":
                db.run(
                    "INSERT INTO node (id, office, public_key, scopes, enrolled_ms) VALUES (?,?,?,'[]',?)",
                    node, settings.office, key.public, clock.now_ms(),
                )  # fmt: skip
        # What stands there of an installation before this one says nothing about this one.
        SideFile(settings.instance / SIDE_FILE).write(Mark(incarnation, 0, chain.genesis(node, incarnation)))
    finally:
        if database is None:
            own.close()


def open_node(
    settings: Settings,
    *,
    clock: Clock | None = None,
    entropy: Entropy = secrets.token_bytes,
    database: Database | None = None,
    directory: Directory | None = None,
    machine: bytes | None = None,
) -> Node:
    """The node of an instance folder; raises Refused("not_set_up") where there is none."""
    if settings.role is None:
        raise Refused("not_set_up", folder=str(settings.instance))
    own = database or open_database(database_url(settings))
    schema.upgrade(own, settings.instance)
    side_file = SideFile(settings.instance / SIDE_FILE)
    mark = side_file.read()  # before the database: a process beside this one writes it after its commit
    with own.read() as db:
        if not db.one("SELECT 1 FROM self_node"):
            raise Refused("not_set_up", folder=str(settings.instance))
        head = journal.head(db)
        reference = Reference(directory or load_directory(), head.office)
        reference.at(db)
    node = Node(
        settings, own, clock or Clock(), reference, _key(settings, entropy),
        side_file, entropy, head,
    )  # fmt: skip
    if node.is_central:
        return epochs.meet_the_past(node)
    return _meet_the_past(node, mark, machine or fingerprint())


def _key(settings: Settings, entropy: Entropy) -> keys.Keys:
    """The key of this node; an office that lost it records on with a new one, and has to be enrolled again."""
    path = settings.instance / KEY_FILE
    return keys.load_key(path) if settings.role == "central" else keys.make_key(path, entropy(32))


def _meet_the_past(node: Node, mark: Mark | None, machine: bytes) -> Node:
    """Begin another life where this database was rolled back, or stands on another machine than before."""
    with node.database.read() as db:
        reason, head = lives.what_happened(db, mark, machine), journal.head(db)
    if reason is None:
        if head.seq:
            node.side_file.write(Mark(head.incarnation, head.seq, head.hash))
        return node
    missing = mark.seq - head.seq if mark and mark.incarnation == head.incarnation and mark.seq > head.seq else None
    with node.database.transaction() as db:
        # Another process of this node may have met the same past a moment ago.
        if journal.head(db).incarnation == head.incarnation:
            lives.move_to_machine(db, machine)
            head = lives.begin(node, db, reason, missing=missing)
    return replace(node, head=head)
