"""Poisoned events: what no action of ours writes, put into a machine's journal as if a broken program had."""

from __future__ import annotations

import random
from typing import Any

from intake_app.actions.making import make_event
from intake_app.store import journal
from intake_app.store.database import Db
from intake_app.store.entities import add_entities, load_entities, save_entities
from intake_app.store.own_events import write_events
from intake_app.store.side_file import Mark
from sync import event
from sync.event import Event
from sync.ingest import entity_type
from tests.simulation.machines import Machine

TOO_LARGE = "x" * (event.EVENT_BYTES_MAX + 1)


def seen(db: Db, report: bytes) -> dict[str, Any]:
    """What a machine shows of a report."""
    return load_entities(db, [report])[report].seen or {}


def contents(chance: random.Random) -> dict[str, tuple[str, dict[str, Any]]]:
    """Contents by name: kind and open part."""
    return {
        "unknown kind": ("report.teleported", {"to": "sao Hỏa"}),
        "bad amendment": ("report.amended", {"set": {"urgency": "very"}, "was": {"urgency": "0" * 16}}),
        "amendment of nothing": ("report.amended", {"set": 7, "was": []}),
        "fixed field": ("report.amended", {"set": {"source_id": "x"}, "was": {"source_id": "0" * 16}}),
        "number for text": ("report.noted", {"text": chance.randrange(10**9)}),
        "NUL in text": ("report.noted", {"text": "a\x00b"}),
        "deep": ("report.noted", {"text": nested(60)}),
        "unknown step": ("report.stepped", {"step": "vanish", "from": "received"}),
        "step without its details": ("report.stepped", {"step": "reject", "from": "received"}),
        "decision of nothing": ("conflict.decided", {"conflicts": [], "field": "summary", "value": None}),
        "decision that empties": (
            "conflict.decided",
            {"conflicts": ["0" * 32], "field": "tracking_code", "value": None},
        ),
        "person for a report": ("person.changed", {"name": "Không Ai"}),
        "float": ("report.noted", {"text": "a", "weight": 0.5}),
        "too large": ("report.noted", {"text": TOO_LARGE}),
    }


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def inject(machine: Machine, chance: random.Random, poisoned: set[bytes]) -> str:
    """Put one poisoned event into a machine's journal; returns its name."""
    node = machine.node
    name, (kind, opened) = chance.choice(list(contents(chance).items()))
    with node.database.read() as db:
        ids = [row[0] for row in db.all("SELECT e.id FROM report r JOIN entity e ON e.no = r.no ORDER BY e.no")]
    where = chance.choice(("report", "report", "unknown report", "new report"))
    if where == "new report":
        kind, entity = "report.recorded", None
    elif where == "report" and ids:
        entity = chance.choice(ids)
    else:
        entity = chance.randbytes(16)
    version = chance.choice((1, 1, 9))
    write(machine, kind, entity, opened, version, poisoned)
    return f"{name}, version {version}, {where}"


def write(
    machine: Machine, kind: str, entity: bytes | None, opened: dict[str, Any], version: int, poisoned: set[bytes]
) -> Event:
    """Journal an event past every check."""
    node = machine.node
    made = make_event(node, machine.actor, kind, entity, {})
    made = made._replace(open=opened, version=version, entity=entity or made.id)
    poisoned.add(made.id)  # before it is written: the power may go while it is
    kept, journal.EVENT_BYTES_MAX = journal.EVENT_BYTES_MAX, 10**9
    try:
        with node.database.transaction() as db:
            if made.entity in load_entities(db, [made.entity]):
                write_events(node, db, [made])
            else:
                _journal_only(machine, db, made)
    finally:
        journal.EVENT_BYTES_MAX = kept
    return made


def _journal_only(machine: Machine, db: Db, made: Event) -> None:
    """About something that does not exist: no rule of ours would let it through, so it is put past them."""
    one = add_entities(db, [(made.entity, entity_type(made.kind))])[0]
    save_entities(db, [one])
    head = journal.append(db, [(made, one.no)])
    mark = Mark(head.incarnation, head.seq, head.hash)
    db.after_commit(lambda: machine.node.side_file.write(mark))
