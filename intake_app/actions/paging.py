"""What the centre answers: how far it has stored and judged, and the next page of states for the node's scopes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from intake_app.node import Node
from intake_app.store import backups, feed, journal, nodes, stubs
from intake_app.store.database import Db
from intake_app.store.entities import Confirmed, decode, load_confirmed, load_entities, state_sizes
from sync import protocol
from sync.outcome import told_offset
from sync.protocol import CHECK_BYTES, Cursor, Echo, Fork, Page, Reply, Request, ScopeDigest, ScopePage, Verdict, Whole
from sync.routing import node_scope

# Of states and of refused events, before they are packed: a page of long reports must still fit a message (4 MB).
PAGE_BYTES_MAX = 2 * 1024 * 1024
SLOW_PAGE_BYTES_MAX = 640 * 1024  # some ten seconds of a line of 64 kbit/s: more would be lost when it breaks
VERDICT_BYTES_MAX = 1024 * 1024


@dataclass
class _Gathered:
    """The rows of a page while it is put together: scope → (start, end, [(entity no, feed seq, removed)])."""

    scopes: list[tuple[str, int, int, list[tuple[int, int, bool]]]] = field(default_factory=list)
    numbers: dict[int, bool] = field(default_factory=dict)  # entity no → removed everywhere in this page
    complete: bool = True


def reply_to(node: Node, db: Db, known: nodes.Known, request: Request, fork: Fork | None) -> Reply:
    """The reply to a request, read in one snapshot."""
    life = nodes.life_of(db, known, request.incarnation)
    epoch = journal.head(db).epoch  # of this snapshot: it may have begun while the program ran
    same_epoch = request.epoch == epoch
    kept = feed.kept_of(db, known.scopes)
    cursors = {
        cursor.scope: cursor.position if same_epoch and not _outdated(cursor, kept) else 0 for cursor in request.cursors
    }
    limit = max(1, min(request.entities_max, protocol.PAGE_ENTITIES_MAX))
    room = Room(limit, SLOW_PAGE_BYTES_MAX if request.slow else PAGE_BYTES_MAX, known.no)
    gathered = _gather(db, known.scopes, cursors, room)
    if gathered.complete:
        _beyond_purged(gathered, cursors, kept)
    verdicts: list[Verdict] = []
    verdict_page, all_told = None, True
    if gathered.complete:
        # A verdict takes an event out of what its author sees: never before the states that it led to have been sent.
        verdicts, verdict_page, all_told = _verdicts(db, known, cursors.get(node_scope(known.id), 0), limit)
    page = _page(db, known, request, gathered, verdicts, verdict_page)
    codec, length, packed = protocol.pack_page(page, request.slow)
    return Reply(
        epoch, node.clock.now_ms(), life.ack, life.hash, life.judged, gathered.complete and all_told,
        [*known.scopes, node_scope(known.id)], packed, codec, length, fork,
        safe=min(life.ack, backups.safe_of(db, known.id, request.incarnation)),
        digests=[ScopeDigest("", *kept[name][:2]) for name in known.scopes] if gathered.complete and all_told else [],
    )  # fmt: skip


def _outdated(cursor: Cursor, kept: dict[str, feed.Kept]) -> bool:
    """Whether a node was away for so long that rows which would have told it what left the scope may be gone."""
    scope = kept.get(cursor.scope)
    return scope is not None and not cursor.anew and 0 < cursor.position < scope.purged


def _beyond_purged(gathered: _Gathered, cursors: dict[str, int], kept: dict[str, feed.Kept]) -> None:
    """Who has read a scope to its end stands beyond what was purged, and need not read it anew next time."""
    ends = {name: end for name, _, end, _ in gathered.scopes}
    for name, scope in kept.items():
        if ends.get(name, cursors.get(name, 0)) < scope.purged:
            rows = next((rows for other, _, _, rows in gathered.scopes if other == name), [])
            gathered.scopes = [one for one in gathered.scopes if one[0] != name]
            gathered.scopes.append((name, cursors.get(name, 0), scope.purged, rows))


def has_news(db: Db, known: nodes.Known, request: Request) -> bool:
    """Whether some scope of the node has moved beyond where it has read it."""
    granted = {cursor.scope: cursor.position for cursor in request.cursors if cursor.scope in known.scopes}
    later = "SELECT 1 FROM feed WHERE scope_no = (SELECT no FROM scope WHERE name = ?) AND feed_seq > ? LIMIT 1"
    return any(db.one(later, name, position) is not None for name, position in granted.items())


class Room(NamedTuple):
    """How many entities a page may hold, how many bytes of their states, and whose own need none: those are echoes."""

    entities: int
    bytes: int
    node_no: int


def _gather(db: Db, scopes: tuple[str, ...], cursors: dict[str, int], page: Room) -> _Gathered:
    """The next rows of all scopes together in feed order: an entity's rows stand together there and travel once."""
    rows: list[tuple[int, int, bool, str]] = []
    cut = None  # from here on some scope was not read to its end
    for name in scopes:
        found = db.all(
            "SELECT f.feed_seq, f.entity_no, f.removed FROM feed f WHERE f.scope_no = (SELECT no FROM scope WHERE name = ?)"
            " AND f.feed_seq > ? ORDER BY f.feed_seq LIMIT ?",
            name, cursors.get(name, 0), page.entities + 1,
        )  # fmt: skip
        if len(found) > page.entities and (cut is None or found[-1][0] < cut):
            cut = found[-1][0]
        rows += [(row[0], row[1], bool(row[2]), name) for row in found]
    gathered = _Gathered(complete=cut is None)
    places: dict[str, list[tuple[int, int, bool]]] = {}
    sizes = state_sizes(db, {row[1] for row in rows}, page.node_no)
    room = page.bytes
    for seq, no, removed, name in sorted(rows):
        new = no not in gathered.numbers
        room -= sizes[no] if new else 0
        if (cut is not None and seq >= cut) or (new and (len(gathered.numbers) >= page.entities or (room < 0 and places))):
            gathered.complete = False
            break
        places.setdefault(name, []).append((no, seq, removed))
        gathered.numbers[no] = removed and gathered.numbers.get(no, True)
    gathered.scopes = [(name, cursors.get(name, 0), found[-1][1], found) for name, found in places.items()]
    return gathered


def _verdicts(db: Db, known: nodes.Known, cursor: int, limit: int) -> tuple[list[Verdict], ScopePage | None, bool]:
    """The next verdicts of the node's own events, their place in its scope, and whether these are all."""
    rows = db.all(
        "SELECT feed_seq, event, verdict, code, params, header, open, private FROM verdict_feed"
        " WHERE node_no = ? AND feed_seq > ? ORDER BY feed_seq LIMIT ?",
        known.no, cursor, limit + 1,
    )  # fmt: skip
    found: list[Verdict] = []
    room = VERDICT_BYTES_MAX
    for seq, event, verdict, code, params, *raw in rows:
        parts = [part or b"" for part in raw]
        room -= sum(map(len, parts))
        if found and (len(found) == limit or room < 0):
            break
        found.append(Verdict(seq, event, verdict, code or "", json.loads(params) if params else {}, *parts))
    page = ScopePage(node_scope(known.id), cursor, found[-1].feed_seq) if found else None
    return found, page, len(found) == len(rows)


def _page(
    db: Db, known: nodes.Known, request: Request, gathered: _Gathered, verdicts: list[Verdict], told: ScopePage | None
) -> Page:
    entities = load_confirmed(db, gathered.numbers)
    present = [
        entities[no] for no, removed in gathered.numbers.items() if not removed and entities[no].state is not None
    ]
    wanted = set(request.want)
    echoes = _echoes(db, known, request, [one for one in present if one.id not in wanted])
    wholes = [one for one in present if one.no not in echoes]
    wholes += _asked(db, known, wanted, gathered)
    gone = [entities[no] for no, left in gathered.numbers.items() if left]
    told_where = _read_before(gathered)
    left = [one for one in gone if one.no in told_where and one.type == "report" and one.state is not None]
    removed = [one for one in gone if one not in left]
    numbered = [*echoes, *(one.no for one in (*wholes, *left, *removed))]
    places = {no: at for at, no in enumerate(numbered)}
    pages = [
        ScopePage(
            name,
            start,
            end,
            # A row that says "removed" names its entity by the complement: it may still lie in another scope of the page.
            [-places[no] - 1 if gone else places[no] for no, _, gone in rows if no in places],
            [seq for no, seq, _ in rows if no in places],
        )
        for name, start, end, rows in gathered.scopes
    ]
    return Page(
        list(echoes.values()),
        [
            *(Whole(one.id, one.type, one.version or 0, decode(one.state) or {}) for one in wholes),
            *(Whole(one.id, stubs.LEFT, one.version or 0, stubs.shortened(decode(one.state) or {})) for one in left),
        ],
        [one.id for one in removed],
        [*pages, *([told] if told else [])],
        verdicts,
    )  # fmt: skip


def _read_before(gathered: _Gathered) -> set[int]:
    """What leaves a scope that the node has read already, so that it may hold it; whoever comes new need not hear of it."""
    return {no for _, start, _, rows in gathered.scopes if start > 0 for no, _, left in rows if left}


def _asked(db: Db, known: nodes.Known, wanted: set[bytes], gathered: _Gathered) -> list[Confirmed]:
    """States the node could not make again, sent whole although the feed has moved past them."""
    if not wanted:
        return []
    numbers = [one.no for one in load_entities(db, wanted).values() if one.no not in gathered.numbers]
    found = load_confirmed(db, numbers).values()
    return [one for one in found if one.state is not None and _may_see(db, known, one.no)]


def _echoes(db: Db, known: nodes.Known, request: Request, entities: list[Confirmed]) -> dict[int, Echo]:
    """States that the node made alone and can make again: it is told the version and 8 bytes to check.

    What rode ahead is not bound by the chain that both sides agree on: only whoever sent it just now surely has it.
    """
    ahead = {item.tip for item in request.urgent}
    mine = [one for one in entities if one.sole == known.no and one.type == "report" and one.version == 1]
    echoes: dict[int, Echo] = {}
    for at in range(0, len(mine), 400):
        some = {one.id: one for one in mine[at : at + 400]}
        rows = db.all(
            "SELECT i.event, i.seq, s.received_ms, s.clock_offset_ms, s.ahead, s.tip FROM inbox_event i"
            " JOIN inbox_segment s ON s.no = i.segment_no"
            f" WHERE i.event IN ({','.join('?' * len(some))}) AND s.incarnation = ?"
            " AND i.verdict = 'applied' ORDER BY i.seq",
            *some, request.incarnation,
        )  # fmt: skip
        for event, seq, received_ms, offset_ms, rode, tip in rows:
            if rode and tip not in ahead:
                continue
            one = some[event]
            check = sha256(one.state or b"").digest()[:CHECK_BYTES]
            echoes[one.no] = Echo(seq, 1, check, received_ms, told_offset(offset_ms) or 0)
    return echoes


def _may_see(db: Db, known: nodes.Known, entity_no: int) -> bool:
    """Whether an entity asked for by id lies in a scope of the node."""
    marks = ",".join("?" * len(known.scopes))
    return bool(
        db.one(
            "SELECT 1 FROM feed f JOIN scope s ON s.no = f.scope_no"
            f" WHERE f.entity_no = ? AND f.removed = 0 AND s.name IN ({marks}) LIMIT 1",
            entity_no,
            *known.scopes,
        )  # fmt: skip
    )
