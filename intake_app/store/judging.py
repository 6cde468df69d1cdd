"""A batch of events while the centre judges it: states, verdicts and what they led to, written when the batch is done.

Nothing here reads a clock or decides a rule: the verdict is `sync.ingest`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from intake_app.store import feed, nodes, published, refused, reports, rescope
from intake_app.store.arrived import Arrived, Batch, Late
from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, add_entities, load_entities, save_entities
from intake_app.store.postgres import hold_codes
from intake_app.store.reference import Reference
from intake_app.store.writers import Writers
from sync import tracking_code
from sync.event import EVENT_BYTES_MAX, to_bytes
from sync.ingest import BLOCKING, DISMISSED, KIND_VERSIONS, entity_type, judge, settled
from sync.outcome import Outcome
from sync.report import all_fit
from sync.routing import Places, scopes_of

_IN_MAX = 400
TAKEN = ("applied", "merged", "conflict")
# What may come out otherwise once an earlier event has; what was quarantined for its content would be again.
AGAIN = frozenset({"blocked_by_earlier", "unknown_kind", "no_such_report", "unknown_person"})


class Judging:
    """The states of one batch while it is judged."""

    def __init__(self, db: Db, batch: Batch, events: Sequence[Arrived]) -> None:
        self.db = db
        self.batch = batch
        ids = dict.fromkeys(item.event.entity for item in events)
        self.entities: dict[bytes, Entity] = _held(db, events, ids) if db.postgres else load_entities(db, ids)
        types = {item.event.entity: entity_type(item.event.kind) for item in reversed(events)}
        for one in add_entities(db, [(found, types[found]) for found in ids if found not in self.entities]):
            self.entities[one.id] = one
        self.before: dict[bytes, State | None] = {one.id: one.confirmed for one in self.entities.values()}
        self.versions = {one.id: one.version for one in self.entities.values()}
        self.known = _known_events(db, [item.event.id for item in events])
        self.blocked = refused.blocked(db, batch.node_no)
        self.writers = Writers(db, batch, self.entities, {item.event.actor for item in events})
        self.taken = _taken_codes(db, events)
        self.checked = all_fit([item.event for item in events if item.event.kind == "report.recorded"])
        self.changed: dict[bytes, Entity] = {}
        self.scopes: dict[tuple[Any, ...], frozenset[str]] = {}
        self.counts: Counter[str] = Counter()
        self.rows: list[tuple[Any, ...]] = []
        self.told: list[tuple[Any, ...]] = []
        self.recounted: set[int] = set()

    def judge(self, item: Arrived, late: Late | None = None) -> Outcome:
        """The verdict over one event; what it changes is kept for the end of the batch."""
        event = item.event
        one = self.entities[event.entity]
        if one.no in self.blocked and settled(event) is None:
            return Outcome("held", one.confirmed, "blocked_by_earlier")
        writer = self.writers.of(event.actor) if late is None else self.writers.of_late(late)
        if self.batch.broken:
            outcome = Outcome("quarantined", one.confirmed, "invalid_event", {"reason": "broken_promise"})
        elif item.proof.length > EVENT_BYTES_MAX:
            # It is stored like any other: refusing its segment would keep back all that comes after it.
            outcome = Outcome("quarantined", one.confirmed, "too_large", {"max": EVENT_BYTES_MAX})
        elif event.kind in KIND_VERSIONS and one.type != entity_type(event.kind) and event.kind != DISMISSED:
            outcome = Outcome("quarantined", one.confirmed, "invalid_event", {"type": one.type})
        else:
            added = self.batch.added if late is None else late.added
            outcome = judge(one.confirmed, event, self.batch.node, added, writer, self.checked and late is None)
        first_denied = outcome.verdict == "denied" and one.confirmed is None and not self.batch.ahead
        if outcome.verdict in BLOCKING or first_denied:
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
            if one.type == "person":
                self.writers.changed()
        return outcome

    def keep(self, item: Arrived, outcome: Outcome, segment_no: int | None, root: bytes | None) -> None:
        """Note a verdict for the inbox, and for the event's own node where it has to be told."""
        event = item.event
        self.counts[outcome.verdict] += 1
        if outcome.verdict == "applied" and event.kind == "report.recorded":
            self.counts["new"] += 1
        self.known[event.id] = (item.proof.payload, outcome.verdict)
        self.rows.append(
            (
                event.id, item.proof.payload, segment_no, item.seq, self.batch.node_no, self.entities[event.entity].no,
                event.kind.replace("\0", "?"), outcome.verdict, outcome.code or None,
                json.dumps(dict(outcome.params)) if outcome.params else None, root,
            )
        )  # fmt: skip
        if outcome.verdict != "applied":
            self.told.append(told_of(self.batch, item, outcome))

    def settle(self, item: Arrived, named: str) -> None:
        """Judge a repair or a dismissal; it takes the place of the refused event, and what waited behind that is judged."""
        self.flush()
        event, one = item.event, self.entities[item.event.entity]
        standing = refused.find(self.db, self.batch.node_no, one.no, _id_of(named))
        repairs = event.kind != DISMISSED
        if standing is None or (repairs and standing.code == "blocked_by_earlier"):
            outcome = Outcome("denied" if repairs else "merged", one.confirmed, "not_refused")
        elif standing.code == "never_held" and not repairs:
            outcome = Outcome(
                "merged", one.confirmed
            )  # nobody writes into the history of a report that was never theirs
        else:
            outcome = self.judge(item)
        self.keep(item, outcome, self.batch.segment_no, standing.root if standing and repairs else None)
        if standing is None or outcome.verdict not in TAKEN or outcome.code == "not_refused":
            return
        # Who gives up a report that the centre never had gives up all that was done to it.
        whole = not repairs and one.confirmed is None
        self.flush()
        self.recounted.update(
            refused.settle(self.db, self.batch.node_no, one.no, None if whole else standing.root, event.id)
        )
        self.again(one)

    def again(self, one: Entity) -> None:
        """Judge in order what waited behind an event of this node and entity that is settled or understood now."""
        self.blocked.discard(one.no)
        for late in refused.waiting(self.db, self.batch.node_no, one.no):
            if one.no in self.blocked or late.code not in AGAIN:
                self.blocked.add(one.no)
                continue
            self.taken |= _taken_codes(self.db, [late.item])
            outcome = self.judge(late.item, late)
            if (outcome.verdict, outcome.code) == (late.verdict, late.code):
                continue
            # It is applied now, not then: replaying goes by the order of application.
            self.db.run("DELETE FROM inbox_event WHERE event = ?", late.item.event.id)
            root = settled(late.item.event)
            self.keep(late.item, outcome, late.segment_no, _id_of(root) if root else None)
            if outcome.verdict == "applied":
                self.told.append(told_of(self.batch, late.item, outcome))
            self.recounted.add(late.segment_no)
        self.flush()

    def flush(self) -> None:
        """Write the verdicts noted so far."""
        self.db.many(
            "INSERT INTO inbox_event (event, payload, segment_no, seq, node_no, entity_no, kind, verdict, code, params,"
            " replaces) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            self.rows,
        )
        self.rows = []

    def finish(self, reference: Reference) -> None:
        """Write what changed: states, list rows, search entries, feed."""
        changed = list(self.changed.values())
        save_entities(self.db, [one for one in self.entities.values() if one.fresh or one.id in self.changed])
        found = [one for one in changed if one.type == "report"]
        known = reference.at(self.db)
        published.save(self.db, changed)
        reports.save_reports(self.db, found, {}, {})
        if self.db.postgres:  # from the counter on everybody waits for this commit: as little as can be comes after it
            self._index(found)
        if changed:
            feed.hold_counter(self.db)  # who holds what is read after it, as the scopes are
        present = reference.at(self.db)  # what this batch published of units counts for the batch itself
        if present is not known:
            rescope.move(self.db, known, present)
        around = nodes.places(self.db, present.unit_scopes)
        feed.publish(self.db, [self._change(one, around) for one in changed])
        if not self.db.postgres:  # a statement with RETURNING makes FTS5 flush twice if that was filled before
            self._index(found)

    def _index(self, found: list[Entity]) -> None:
        reports.index_reports(self.db, found, {one.no: self.before[one.id] for one in found})

    def _change(self, one: Entity, around: Places) -> feed.Change:
        was = self.before[one.id]
        before: frozenset[str] = frozenset() if was is None else self._scopes(one.type, was, around)
        after = self._scopes(one.type, one.confirmed or {}, around)
        return feed.Change(one.no, one.id, self.versions.get(one.id), one.version or 1, before, after)

    def _scopes(self, kind: str, state: State, around: Places) -> frozenset[str]:
        """The scopes of a state; those of a batch lie in few places, and conflicts are few."""
        if kind != "report" or "conflicts" in state:
            return scopes_of(kind, state, around)
        place = (state["office"], state["unit"], state.get("lead_agency"), *state.get("supporting", ()))
        found = self.scopes.get(place)
        if found is None:
            found = self.scopes[place] = scopes_of(kind, state, around)
        return found


def _held(db: Db, events: Sequence[Arrived], ids: Iterable[bytes]) -> dict[bytes, Entity]:
    """The entities of a batch, held together with the codes it claims and the people whose rights its verdicts rest on."""
    _hold_codes(db, events)
    found = load_entities(db, {*ids, *(item.event.actor for item in events)}, hold=True)
    return {one: found[one] for one in ids if one in found}


def _known_events(db: Db, ids: Sequence[bytes]) -> dict[bytes, tuple[bytes, str]]:
    known: dict[bytes, tuple[bytes, str]] = {}
    for at in range(0, len(ids), _IN_MAX):
        some = ids[at : at + _IN_MAX]
        marks = ",".join("?" * len(some))
        for row in db.all(f"SELECT event, payload, verdict FROM inbox_event WHERE event IN ({marks})", *some):
            known[row[0]] = (row[1], row[2])
    return known


def _claimed(events: Sequence[Arrived]) -> list[tuple[str, str]]:
    """The tracking codes that these events claim, each with the office that would give another one."""
    recorded = (item.event.open for item in events if item.event.kind == "report.recorded")
    found = ((each.get("tracking_code"), str(each.get("office"))) for each in recorded)
    return [(code, office) for code, office in found if isinstance(code, str) and code.isascii() and code.isdigit()]


def _hold_codes(db: Db, events: Sequence[Arrived]) -> None:
    hold_codes(db, {part for code, office in _claimed(events) for part in (code[:4], office)})


def _taken_codes(db: Db, events: Sequence[Arrived]) -> set[str]:
    if db.postgres:
        _hold_codes(db, events)
    return reports.codes_taken(db, (code for code, _ in _claimed(events)))


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


def told_of(batch: Batch, item: Arrived, outcome: Outcome) -> tuple[Any, ...]:
    """What a node is told of one of its events; one that was refused or held back goes back to it whole."""
    refused = outcome.verdict in ("held", "quarantined", "denied")
    raw: Sequence[bytes | None] = to_bytes(item.event) if refused else (None, None, None)
    params = json.dumps(dict(outcome.params)) if outcome.params else None
    return (batch.node_no, item.event.id, outcome.verdict, outcome.code or None, params, *raw)


def _id_of(named: str) -> bytes:
    """The id that a repair or a dismissal names; one that is none fits no event."""
    try:
        return bytes.fromhex(named)
    except ValueError:
        return b""
