"""This node's own events: journal, what is seen, list row and search entry, all in the caller's one transaction.

At an office they lie over the confirmed state until the centre has judged them; the centre judges its own at once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from intake_app.store import confirm, journal, nodes, own_log, reports
from intake_app.store.arrived import Arrived, Batch
from intake_app.store.database import Db
from intake_app.store.entities import Entity, add_entities, load_entities, load_numbers, save_entities
from intake_app.store.side_file import Mark
from sync import chain
from sync.errors import BrokenPromise
from sync.event import Event, EventBytes, from_bytes, size, to_bytes
from sync.ingest import entity_type, judge
from sync.outcome import Added, Outcome
from sync.overlay import view
from sync.segment import Proof

if TYPE_CHECKING:
    from intake_app.node import Node


def write_events(node: Node, db: Db, events: Sequence[Event], *, logged: bool = True) -> list[Outcome]:
    """Journal events and show what they change; the outcomes are final at the centre and expected at an office.

    What comes out of the centre's own log is not `logged` again.
    """
    journal.hold(db)
    entities = _entities(db, events)
    head = journal.append(db, [(event, entities[event.entity].no) for event in events])
    first = head.seq - len(events) + 1
    if head.role == "central":
        save_entities(db, [one for one in entities.values() if one.fresh])
        outcomes = _confirm(node, db, head.node, list(enumerate(events, first)))
        verdicts = [(outcome.verdict, head.life, first + at) for at, outcome in enumerate(outcomes)]
        db.many("UPDATE journal SET verdict = ? WHERE life = ? AND seq = ?", verdicts)
    else:
        outcomes = _lay_over(db, head, first, events, entities)
    mark = Mark(head.incarnation, head.seq, head.hash)
    if logged:
        if head.role == "central":
            own_log.log_events(node, db, head.life, first, mark)
        db.after_commit(lambda: node.side_file.write(mark))
    return outcomes


def keep_waiting(db: Db, event: Event) -> None:
    """Journal an event of the centre's own about a report that it has not got again yet."""
    entities = _entities(db, [event])
    save_entities(db, [one for one in entities.values() if one.fresh])
    journal.append(db, [(event, entities[event.entity].no)])
    db.run("INSERT INTO own_waiting (event, entity) VALUES (?,?)", event.id, event.entity)


def judge_waiting(node: Node, db: Db) -> int:
    """Judge the centre's own events whose reports have come; returns how many."""
    journal.hold(db)
    rows = db.all(
        "SELECT j.no, j.seq, j.header, j.open, j.private FROM own_waiting w JOIN entity e ON e.id = w.entity"
        " JOIN journal j ON j.event = w.event AND j.kind <> 'report.recorded' AND j.verdict IS NULL"
        " WHERE e.state IS NOT NULL ORDER BY j.no"
    )
    for no, seq, *raw in rows:
        event = from_bytes(EventBytes(*raw))
        outcome = _confirm(node, db, journal.head(db).node, [(seq, event)])[0]
        db.run("UPDATE journal SET verdict = ? WHERE no = ?", outcome.verdict, no)
        db.run("DELETE FROM own_waiting WHERE event = ?", event.id)
    return len(rows)


def _entities(db: Db, events: Sequence[Event]) -> dict[bytes, Entity]:
    ids = dict.fromkeys(event.entity for event in events)
    found = load_entities(db, ids, hold=True)
    types = {event.entity: entity_type(event.kind) for event in events}
    for one in add_entities(db, [(missing, types[missing]) for missing in ids if missing not in found]):
        found[one.id] = one
    return found


def _confirm(node: Node, db: Db, own: bytes, numbered: Sequence[tuple[int, Event]]) -> list[Outcome]:
    node_no = db.value("SELECT no FROM node WHERE id = ?", own)
    computer = nodes.computer_of(db, node_no, True, node.reference)
    batch = Batch(node_no, own, None, Added(node.clock.now_ms(), None), computer)
    raws = [to_bytes(event) for _, event in numbered]
    proofs = [Proof(chain.payload_hash(raw), size(raw)) for raw in raws]
    arrived = [Arrived(seq, event, proof) for (seq, event), proof in zip(numbered, proofs, strict=True)]
    confirm.confirm(db, batch, arrived, node.reference)
    outcomes = []
    for item in arrived:
        row = db.one("SELECT verdict, code, params FROM inbox_event WHERE event = ?", item.event.id)
        if row is None:
            raise BrokenPromise("an event of the centre got no verdict")
        outcomes.append(Outcome(row[0], None, row[1] or "", json.loads(row[2]) if row[2] else {}))
    return outcomes


def _lay_over(
    db: Db, head: journal.Head, first: int, events: Sequence[Event], entities: dict[bytes, Entity]
) -> list[Outcome]:
    before = {one.no: one.seen for one in entities.values()}
    outcomes, own_seqs = [], {}
    for at, event in enumerate(events):
        one = entities[event.entity]
        outcome = judge(one.seen, event, head.node)
        if event.kind == "report.recorded" and outcome.verdict != "applied":
            raise BrokenPromise(f"a recorded report would not be taken: {outcome.code}")
        one.view = outcome.state
        own_seqs[one.no] = first + at
        outcomes.append(outcome)
    changed = [one for one in entities.values() if one.view is not None]
    save_entities(db, changed)
    found = [one for one in changed if one.type == "report"]
    refused = reports.refused_counts(db, [one.no for one in found if one.version is not None])
    reports.save_reports(db, found, own_seqs, refused)
    reports.index_reports(db, found, before)
    return outcomes


def fold_again(db: Db, node_id: bytes, one: Entity) -> None:
    """Lay what is still pending over the confirmed state; the view is dropped where nothing is."""
    pending = journal.laid_over(db, one.no, confirmed=one.version is not None)
    one.view = view(one.confirmed, pending, node_id) if pending else None


def show_again(db: Db, node_id: bytes, entity_no: int) -> Entity:
    """Bring what is seen of an entity up to date after something about it was settled; what is given up whole is seen no more."""
    one = load_numbers(db, [entity_no])[entity_no]
    before = one.seen
    fold_again(db, node_id, one)
    if one.seen is None and before is not None:
        one.view = before
        reports.forget(db, one)
        one.view = None
        return one
    save_entities(db, [one])
    if one.type == "report" and one.seen is not None:
        reports.save_reports(db, [one], {}, reports.refused_counts(db, [one.no]))
        reports.index_reports(db, [one], {one.no: before})
    return one
