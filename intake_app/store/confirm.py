"""The centre's second step: events that are stored get a verdict, states a version, scopes their place in the feed.

One batch is one transaction. Nothing here reads a clock or decides a rule: the verdict is `sync.ingest`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy.exc import OperationalError

from intake_app.store import feed, reports
from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, add_entities, load_entities, save_entities
from sync import tracking_code
from sync.event import EVENT_BYTES_MAX, Event, EventBytes, size
from sync.ingest import BLOCKING, KIND_VERSIONS, entity_type, judge
from sync.outcome import Added, Outcome
from sync.routing import scopes_of

_IN_MAX = 400


class Arrived(NamedTuple):
    """One event of a batch: where it came from, its bytes and their hash."""

    seq: int
    event: Event
    raw: EventBytes
    payload: bytes


class Batch(NamedTuple):
    """Where a batch of events came from; segment_no is None for the centre's own."""

    node_no: int
    node: bytes
    segment_no: int | None
    added: Added
    broken: bool = False  # its one event broke our own code


class _Work:
    """The states of one batch while it is judged."""

    def __init__(self, db: Db, batch: Batch, events: Sequence[Arrived]) -> None:
        self.db = db
        self.batch = batch
        ids = dict.fromkeys(item.event.entity for item in events)
        self.entities: dict[bytes, Entity] = load_entities(db, ids)
        types = {item.event.entity: entity_type(item.event.kind) for item in reversed(events)}
        for one in add_entities(db, [(found, types[found]) for found in ids if found not in self.entities]):
            self.entities[one.id] = one
        self.before: dict[bytes, State | None] = {one.id: one.confirmed for one in self.entities.values()}
        self.known = _known_events(db, [item.event.id for item in events])
        self.blocked = _blocked(db, batch.node_no)
        self.taken = _taken_codes(db, events)
        self.changed: dict[bytes, Entity] = {}

    def judge(self, item: Arrived) -> Outcome:
        """The verdict over one event; what it changes is kept for the end of the batch."""
        event = item.event
        one = self.entities[event.entity]
        if one.no in self.blocked:
            return Outcome("held", one.confirmed, "blocked_by_earlier")
        if self.batch.broken:
            outcome = Outcome("quarantined", one.confirmed, "invalid_event", {"reason": "broken_promise"})
        elif size(item.raw) > EVENT_BYTES_MAX:
            # It is stored like any other: refusing its segment would keep back all that comes after it.
            outcome = Outcome("quarantined", one.confirmed, "too_large", {"max": EVENT_BYTES_MAX})
        elif event.kind in KIND_VERSIONS and one.type != entity_type(event.kind):
            outcome = Outcome("quarantined", one.confirmed, "invalid_event", {"type": one.type})
        else:
            outcome = judge(one.confirmed, event, self.batch.node, self.batch.added)
        if outcome.verdict in BLOCKING:
            self.blocked.add(one.no)
        elif outcome.verdict in ("applied", "conflict") and outcome.state is not None:
            if one.version is None:
                one.sole = self.batch.node_no
                _claim(self.db, one, outcome.state, self.taken)
            elif one.sole != self.batch.node_no:
                one.sole = 0
            one.confirmed = outcome.state
            one.version = (one.version or 0) + 1
            self.changed[one.id] = one
        return outcome

    def finish(self, ancestors: feed.Ancestors) -> None:
        """Write what changed: states, list rows, search entries, feed."""
        changed = list(self.changed.values())
        save_entities(self.db, [one for one in self.entities.values() if one.fresh or one.id in self.changed])
        found = [one for one in changed if one.type == "report"]
        reports.save_reports(self.db, found, {}, {})
        # The counter first: a statement with RETURNING makes the search index flush twice if that was filled before.
        feed.publish(
            self.db,
            [
                (
                    one.no,
                    scopes_of(one.type, was, ancestors) if (was := self.before[one.id]) else frozenset(),
                    scopes_of(one.type, one.confirmed or {}, ancestors),
                )
                for one in changed
            ],
        )
        reports.index_reports(self.db, found, {one.no: self.before[one.id] for one in found})


def _known_events(db: Db, ids: Sequence[bytes]) -> dict[bytes, tuple[bytes, str]]:
    known: dict[bytes, tuple[bytes, str]] = {}
    for at in range(0, len(ids), _IN_MAX):
        some = ids[at : at + _IN_MAX]
        marks = ",".join("?" * len(some))
        for row in db.all(f"SELECT event, payload, verdict FROM inbox_event WHERE event IN ({marks})", *some):
            known[row[0]] = (row[1], row[2])
    return known


def _blocked(db: Db, node_no: int) -> set[int]:
    """Entities whose later events from this node wait behind one that is held or quarantined."""
    rows = db.all(
        "SELECT entity_no FROM inbox_event WHERE verdict IN ('held','quarantined') AND node_no = ? AND entity_no IS NOT NULL",
        node_no,
    )
    return {row[0] for row in rows}


def _taken_codes(db: Db, events: Sequence[Arrived]) -> set[str]:
    found = (item.event.open.get("tracking_code") for item in events if item.event.kind == "report.recorded")
    return reports.codes_taken(db, (code for code in found if isinstance(code, str)))


def _claim(db: Db, one: Entity, state: State, taken: set[str]) -> None:
    """A tracking code is a claim across nodes: the later report gets a new one and keeps the old as an alias."""
    if one.type != "report":
        return
    code = claimed = state["tracking_code"]
    attempt = 0
    while code in taken or (attempt and reports.codes_taken(db, [code])):
        attempt += 1
        number = int.from_bytes(sha256(one.id + bytes([attempt % 256])).digest()[:8], "big") % tracking_code.RANDOM_MAX
        code = tracking_code.make(state["office"], number)
    if attempt:
        state["tracking_code"] = code
        state["aliases"] = [*state.get("aliases", ()), claimed]
    taken.add(code)


def confirm(db: Db, batch: Batch, events: Sequence[Arrived], ancestors: feed.Ancestors) -> dict[str, int]:
    """Judge a batch in its order and write all that follows; returns the count of each verdict and of new reports."""
    work = _Work(db, batch, events)
    counts: dict[str, int] = {}
    rows: list[tuple[Any, ...]] = []
    told: list[tuple[Any, ...]] = []
    for item in events:
        event = item.event
        payload = item.payload
        if known := work.known.get(event.id):
            # The same event again, under another life or ahead of its turn: its verdict stands. Other bytes are another matter.
            verdict = "duplicate" if known[0] == payload else "quarantined"
            counts[verdict] = counts.get(verdict, 0) + 1
            if verdict == "quarantined":
                told.append(_told(batch, item, Outcome("quarantined", None, "other_payload")))
            continue
        outcome = work.judge(item)
        counts[outcome.verdict] = counts.get(outcome.verdict, 0) + 1
        if outcome.verdict == "applied" and event.kind == "report.recorded":
            counts["new"] = counts.get("new", 0) + 1
        work.known[event.id] = (payload, outcome.verdict)
        rows.append(
            (
                event.id, payload, batch.segment_no, item.seq, batch.node_no, work.entities[event.entity].no, event.kind,
                outcome.verdict, outcome.code or None, json.dumps(dict(outcome.params)) if outcome.params else None,
            )
        )  # fmt: skip
        if outcome.verdict != "applied":
            told.append(_told(batch, item, outcome))
    db.many(
        "INSERT INTO inbox_event (event, payload, segment_no, seq, node_no, entity_no, kind, verdict, code, params)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        rows,
    )
    work.finish(ancestors)
    _tell(db, told)
    return counts


def confirm_each(
    db: Db, batch: Batch, events: Sequence[Arrived], ancestors: feed.Ancestors, now_ms: int
) -> dict[str, int]:
    """Judge a batch as a whole; if that breaks, event by event, so that one which breaks our own code stops no other."""
    try:
        with db.savepoint():
            return confirm(db, batch, events, ancestors)
    except OperationalError:
        raise  # a full disk or a lock is no fault of an event
    except Exception:
        counts: Counter[str] = Counter()
    for item in events:
        try:
            with db.savepoint():
                counts.update(confirm(db, batch, [item], ancestors))
        except OperationalError:
            raise
        except Exception as reason:
            what = f"event {item.event.id.hex()}: {type(reason).__name__}: {str(reason)[:500]}"
            db.run("INSERT INTO broken_promise (at_ms, what) VALUES (?,?)", now_ms, what)
            counts.update(confirm(db, batch._replace(broken=True), [item], ancestors))
    return dict(counts)


def _told(batch: Batch, item: Arrived, outcome: Outcome) -> tuple[Any, ...]:
    refused = outcome.verdict in ("held", "quarantined", "denied")
    raw: Sequence[bytes | None] = item.raw if refused else (None, None, None)
    params = json.dumps(dict(outcome.params)) if outcome.params else None
    return (batch.node_no, item.event.id, outcome.verdict, outcome.code or None, params, *raw)


def _tell(db: Db, told: Sequence[tuple[Any, ...]]) -> None:
    """Put verdicts into the node's own scope, so that they arrive however many replies are lost."""
    if not told:
        return
    first = feed.take_numbers(db, len(told))
    db.many(
        "INSERT INTO verdict_feed (node_no, event, verdict, code, params, header, open, private, feed_seq)"
        " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (node_no, event) DO UPDATE SET feed_seq = excluded.feed_seq,"
        " verdict = excluded.verdict, code = excluded.code, params = excluded.params",
        [(*row, first + at) for at, row in enumerate(told)],
    )
