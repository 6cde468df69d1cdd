"""Verify: the chain against the journal, what is seen against journal and confirmed state, list rows and search against both.

Everything but the journal, the inbox and the confirmed states is a cache: `rebuild_rows.py` makes it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from intake_app.actions.verify_digests import differing_digests
from intake_app.node import Node
from intake_app.store import (
    articles,
    callbacks,
    deadlines,
    inbox,
    journal,
    keys,
    lives,
    nodes,
    publicity,
    queries,
    reference,
    reports,
    rules,
    search,
    supporting,
)
from intake_app.store.database import Db
from intake_app.store.entities import Entity, all_entities, decode
from intake_app.store.own_events import fold_again
from intake_app.store.scratch import Scratch, scratch
from sync import chain, segment
from sync.errors import BadMessage, BrokenPromise
from sync.event import EventBytes, canonical, from_bytes
from sync.ingest import judge
from sync.outcome import Added, told_offset
from sync.segment import Opened

PROBLEMS_MAX = 100  # a list longer than this says nothing more

Progress = Callable[[int], None]


@dataclass
class Findings:
    """What was found; `ok` is true where everything fits together."""

    problems: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything fits together."""
        return not self.problems

    def add(self, what: str, **details: Any) -> None:
        """Note a problem."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append({"what": what, **details})


def verify_node(node: Node, progress: Progress = lambda done: None) -> Findings:
    """Check what this node keeps against itself; changes nothing."""
    found = Findings()
    with node.database.read() as db:
        integrity = db.value("PRAGMA quick_check") if node.database.engine.dialect.name == "sqlite" else "ok"
        if integrity != "ok":
            found.add("database_damaged", details=str(integrity)[:200])
        # What follows from a damaged journal or inbox cannot be compared with anything: told is the cause, not its echoes.
        journal_sound = _journal(db, found)
        if journal_sound:
            _entities(db, found, progress)
            _rows(db, found)
            for scope in differing_digests(db):
                found.add("digest_differs", scope=scope)
        if node.is_central and _inbox(db, found) and journal_sound:
            with scratch() as states:  # of a province's reports they would fill the memory
                _replay(db, found, states)
        for alarm in node.alarms:
            found.add(alarm)
    return found


def _journal(db: Db, found: Findings) -> bool:
    """Every life gap-free from 1, every hash following from the one before, the head at the end; whether all of it holds."""
    head, told = journal.head(db), len(found.problems)
    began = {one.life: one.incarnation for one in lives.every(db)}
    for life in sorted({row[0] for row in db.all("SELECT DISTINCT life FROM journal")} | {head.life}):
        if life == journal.RETURNED:
            _returned(db, found)
            continue
        if life not in began:
            found.add("life_unknown", life=life)
        before = chain.genesis(head.node, began[life]) if life in began else None
        seq = 0
        for row in db.stream("SELECT seq, header, open, private, hash FROM journal WHERE life = ? ORDER BY seq", life):
            raw = EventBytes(*row[1:4])
            if row[0] != seq + 1:
                found.add("journal_gap", life=life, seq=seq + 1)
            if before is not None and chain.link(before, raw) != row[4]:
                found.add("chain_broken", life=life, seq=row[0])
            seq, before = row[0], row[4]
        if life == head.life and (seq, before) != (head.seq, head.hash):
            found.add("head_differs", seq=seq, head=head.seq)
        found.counts["events"] = found.counts.get("events", 0) + seq
    if stray := _journalled_again(db):
        found.add("again_differs", count=stray)
    return len(found.problems) == told


def _returned(db: Db, found: Findings) -> None:
    """What came back from the centre is in no chain: each stands by its own hash."""
    for row in db.stream("SELECT seq, header, open, private, hash FROM journal WHERE life = 0 ORDER BY seq"):
        if chain.payload_hash(EventBytes(*row[1:4])) != row[4]:
            found.add("chain_broken", life=journal.RETURNED, seq=row[0])


def _journalled_again(db: Db) -> int:
    """How many events are said to be journalled again and are not, with the same bytes, in a later life."""
    return int(
        db.value(
            "SELECT count(*) FROM journal o WHERE o.verdict = 'again' AND NOT EXISTS (SELECT 1 FROM journal n WHERE"
            " n.entity_no = o.entity_no AND n.event = o.event AND n.life > o.life AND n.header = o.header"
            " AND n.open = o.open AND n.private = o.private)"
        )
    )


def _entities(db: Db, found: Findings, progress: Progress) -> None:
    """What is seen is what confirmed state and pending events give, and each list row says the same."""
    head, clocks = journal.head(db), deadlines.Clocks(db)
    done = 0
    for some in all_entities(db):
        for one in some:
            shown = one.seen
            if head.role == "office":
                fold_again(db, head.node, one)
            if canonical(one.seen) != canonical(shown):
                found.add("view_differs", entity=one.id.hex())
            if one.type == "report" and shown is not None:
                _row(db, found, one, clocks)
        for article in articles.differing(db, some):
            found.add("article_row_differs", article=article.hex())
        for rule in rules.differing(db, some):
            found.add("rule_row_differs", rule=rule.hex())
        for known in reference.differing(db, some):
            found.add("reference_row_differs", entity=known.hex())
        for source in deadlines.differing(db, some):
            found.add("deadline_row_differs", source=source.hex())
        done += len(some)
        progress(done)
    found.counts["entities"] = done


def _lookups_fit(db: Db, no: int, state: dict[str, Any]) -> bool:
    return all(lookup.fits(db, no, state) for lookup in (callbacks, supporting, queries, publicity))


def _row(db: Db, found: Findings, one: Entity, clocks: deadlines.Clocks) -> None:
    state = one.seen or {}
    row = db.one(f"SELECT {reports.COLUMNS} FROM report WHERE no = ?", one.no)
    fits = row is not None and not reports.differs(tuple(row), state, clocks)
    if not (fits and _lookups_fit(db, one.no, state)):
        found.add("row_differs", report=one.id.hex(), tracking_code=state.get("tracking_code"))
    found.counts["reports"] = found.counts.get("reports", 0) + 1


def _rows(db: Db, found: Findings) -> None:
    """No list row without its report, and each report in the search index under its own words."""
    lost = db.value(
        "SELECT count(*) FROM report r LEFT JOIN entity e ON e.no = r.no WHERE e.no IS NULL OR (e.state IS NULL AND e.view IS NULL)"
    )
    if lost:
        found.add("rows_without_report", count=lost)
    listed, counted = db.one("SELECT (SELECT count(*) FROM conflict), (SELECT sum(conflicts) FROM report)")
    if listed != (counted or 0):
        found.add("conflicts_differ", listed=listed, reports=counted or 0)
    indexed = search.count(db)
    rows = db.value("SELECT count(*) FROM report")
    if indexed != rows:
        found.add("search_differs", indexed=indexed, reports=rows)
    newest = db.all("SELECT no, tracking_code FROM report ORDER BY no DESC LIMIT 50")
    for no, code in newest:
        if no not in search.find_numbers(db, code, 50, rare=True):
            found.add("search_entry_missing", tracking_code=code)


def _inbox(db: Db, found: Findings) -> bool:
    """Per life of each node the stored seqs are exactly 1..ack, signed, one leading to the next; whether all of it holds."""
    told = len(found.problems)
    for node_id, node_no, incarnation, ack, tip in db.all(
        "SELECT n.id, l.node_no, l.incarnation, l.ack, l.hash FROM node_life l JOIN node n ON n.no = l.node_no"
    ):
        seq, before = 0, chain.genesis(node_id, incarnation)
        known = nodes.find_node(db, node_id)
        assert known is not None
        rows = db.all(
            "SELECT no FROM inbox_segment WHERE node_no = ? AND incarnation = ? AND ahead = 0 ORDER BY first_seq",
            node_no, incarnation,
        )  # fmt: skip
        for (no,) in rows:
            item = inbox.segment_no(db, no)
            assert item is not None
            if why := _damage(item, (known.public_key, *known.retired)):
                found.add("segment_damaged", segment=no, why=why)
            if item.first != seq + 1 or item.before != before:
                found.add("inbox_gap", node=node_id.hex(), seq=seq + 1)
            seq, before = item.last, item.tip
        if (seq, before) != (ack, tip):
            found.add("ack_differs", node=node_id.hex(), stored=seq, ack=ack)
        found.counts["stored_events"] = found.counts.get("stored_events", 0) + seq
    return len(found.problems) == told


def _damage(item: segment.Segment, public_keys: Sequence[bytes]) -> str | None:
    """What is wrong with a stored segment, as a code, or None."""
    try:
        segment.open_segment(item)
    except BadMessage as reason:
        return reason.code
    signed = segment.signed_part(item)
    return None if any(keys.verify(key, signed, item.signature) for key in public_keys) else "bad_signature"


def _replay(db: Db, found: Findings, states: Scratch) -> None:
    """Judging the inbox again from nothing, in the order recorded, gives the confirmed states."""
    opened: dict[int, list[Opened]] = {}
    rows = db.stream(
        "SELECT i.event, i.segment_no, i.seq, i.verdict, n.id, s.first_seq, s.received_ms, s.clock_offset_ms, i.kind"
        " FROM inbox_event i JOIN node n ON n.no = i.node_no LEFT JOIN inbox_segment s ON s.no = i.segment_no"
        " WHERE i.verdict IN ('applied','conflict') ORDER BY i.no"
    )
    for event_id, segment_no, seq, verdict, node_id, first, received, offset_ms, kind in rows:
        if segment_no is None:
            own = _own_event(db, event_id, kind)
            event = from_bytes(EventBytes(*own))
            added = None
        else:
            if segment_no not in opened:
                opened = {segment_no: segment.open_segment(inbox.segment_no(db, segment_no))}  # type: ignore[arg-type]
            event = opened[segment_no][seq - first].event
            added = Added(received, told_offset(offset_ms))
        before = decode(states.get(event.entity))
        outcome = judge(before, event, node_id, added or Added(_own_time(db, event.entity) if before is None else None))
        if outcome.verdict != verdict:
            found.add("verdict_differs", event=event_id.hex(), was=verdict, now=outcome.verdict)
        if outcome.state is not None:
            states.put(event.entity, canonical(outcome.state))
    _compare(db, found, states)


def _own_event(db: Db, event_id: bytes, kind: str) -> tuple[bytes, bytes, bytes]:
    """The bytes of an event of the centre's own."""
    columns = "SELECT j.header, j.open, j.private FROM journal j"
    if kind == "report.recorded":
        row = db.one(f"{columns} JOIN entity e ON e.no = j.entity_no WHERE e.id = ? AND j.kind = ?", event_id, kind)
    else:
        row = db.one(f"{columns} WHERE j.event = ? AND j.kind <> 'report.recorded'", event_id)
    if row is None:
        raise BrokenPromise("an event of the centre has left its journal")
    return (row[0], row[1], row[2])


def _own_time(db: Db, entity: bytes) -> int | None:
    """When the centre confirmed a report of its own: it stands in the state, for its own events come in no segment."""
    found = reports.load_report(db, entity)
    return found.state.get("at_centre") if found else None


def _compare(db: Db, found: Findings, states: Scratch) -> None:
    for some in all_entities(db):
        for one in some:
            if one.confirmed is None:
                continue
            replayed = decode(states.get(one.id))
            if replayed is not None and one.confirmed.get("aliases"):
                replayed = replayed | {key: one.confirmed[key] for key in ("tracking_code", "aliases")}
            if replayed is None or canonical(replayed) != canonical(one.confirmed):
                found.add("replay_differs", entity=one.id.hex())
