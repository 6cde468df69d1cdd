"""The nodes the centre knows: their keys, scopes, how far their events are stored and judged, what they say of themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from intake_app.store import apart, audits
from intake_app.store.database import Db
from intake_app.store.reference import Reference
from sync import chain
from sync.permission import Computer
from sync.protocol import Continued, Health
from sync.routing import Places, Units

# The mildest first. "fork" ends when the node goes on in another life, "two_machines" when the older life has been silent
# for long; of a hole somebody has to know, until the node is enrolled again.
ALARMS = ("fork", "two_machines", "hole")
QUIET_MS = 14 * 24 * 3600 * 1000


@dataclass(frozen=True)
class Known:
    """An enrolled node."""

    no: int
    id: bytes
    office: str
    public_key: bytes
    scopes: tuple[str, ...]
    revoked: bool
    retired: tuple[bytes, ...] = ()  # keys it had before; what was signed with one stays signed


@dataclass(frozen=True)
class Life:
    """How far one life of a node is stored and judged."""

    ack: int
    hash: bytes
    judged: int


@dataclass(frozen=True)
class NodeRow:
    """A node as administrators see it."""

    no: int
    id: bytes
    office: str
    enrolled_ms: int
    last_seen_ms: int | None
    revoked_ms: int | None
    unsent: int | None
    oldest_unsent_ms: int | None
    disk_free_mb: int | None
    version: str | None
    clock_offset_seconds: int | None
    alarm: str | None
    backlog: int
    apart: int  # events that it pushed after it was shut out


def find_node(db: Db, node_id: bytes) -> Known | None:
    """The node of an id, or None."""
    row = db.one("SELECT no, id, office, public_key, scopes, revoked_ms FROM node WHERE id = ?", node_id)
    if row is None:
        return None
    retired = tuple(one[0] for one in db.all("SELECT public_key FROM node_key WHERE node_no = ? ORDER BY no", row[0]))
    return Known(row[0], row[1], row[2], row[3], tuple(json.loads(row[4])), row[5] is not None, retired)


def of_office(db: Db, office: str) -> list[Known]:
    """The nodes of an office that are let in."""
    rows = db.all("SELECT id FROM node WHERE office = ? AND revoked_ms IS NULL ORDER BY no", office)
    return [known for row in rows if (known := find_node(db, row[0])) is not None]


def revoke(db: Db, node_no: int, now_ms: int) -> int:
    """Shut a node out; returns 0 where it is already."""
    return db.run("UPDATE node SET revoked_ms = ? WHERE no = ? AND revoked_ms IS NULL", now_ms, node_no)


def hold(db: Db, node_no: int) -> None:
    """Let no other worker store anything of this node before this transaction ends."""
    if db.postgres:
        db.run(f"SELECT 1 FROM node WHERE no = ?{db.for_update}", node_no)


def places(db: Db, units: Units) -> Places:
    """What routing has to know beside the state: units, and the offices of nodes."""
    known: dict[str, str | None] = {}

    def office_of(node: str) -> str | None:
        if node not in known:
            known[node] = db.value("SELECT office FROM node WHERE id = ?", bytes.fromhex(node))
        return known[node]

    return Places(units, office_of)


def life_of(db: Db, node: Known, incarnation: bytes) -> Life:
    """How far a life is stored; a life never heard of is stored up to nothing."""
    row = db.one("SELECT ack, hash, judged FROM node_life WHERE node_no = ? AND incarnation = ?", node.no, incarnation)
    return Life(*row) if row else Life(0, chain.genesis(node.id, incarnation), 0)


def save_life(db: Db, node_no: int, incarnation: bytes, ack: int, tip: bytes) -> None:
    """Move the mark of what is stored."""
    db.run(
        "INSERT INTO node_life (node_no, incarnation, ack, hash) VALUES (?,?,?,?) ON CONFLICT (node_no, incarnation)"
        " DO UPDATE SET ack = excluded.ack, hash = excluded.hash",
        node_no, incarnation, ack, tip,
    )  # fmt: skip


def save_judged(db: Db, node_no: int, incarnation: bytes, judged: int) -> None:
    """Move the mark of what has a verdict."""
    db.run("UPDATE node_life SET judged = ? WHERE node_no = ? AND incarnation = ?", judged, node_no, incarnation)


def note_health(db: Db, node_no: int, health: Health, now_ms: int, told: int, left: int) -> None:
    """Keep what a node says of itself; `told` is how far it has read its verdicts, `left` what it still has to send."""
    db.run(
        "UPDATE node SET last_seen_ms = ?, unsent = ?, oldest_ms = ?, disk_free_mb = ?, version = ?, clock_offset_ms = ?,"
        " told = ? WHERE no = ?",
        now_ms, left, (health.oldest_ms or None) if left else None, health.disk_free_mb, health.version[:40],
        health.clock_ms - now_ms, told, node_no,
    )  # fmt: skip
    db.run(
        "UPDATE node SET alarm = NULL, alarm_ms = NULL WHERE no = ? AND alarm = 'two_machines' AND alarm_ms < ?",
        node_no, now_ms - QUIET_MS,
    )  # fmt: skip


def meet_life(db: Db, node: Known, incarnation: bytes, continued: Continued | None, now_ms: int) -> None:
    """Note a life at its first request; one that goes on from another says so, and ends what was alarming about that."""
    if db.one(
        "SELECT 1 FROM node_life WHERE node_no = ? AND incarnation = ? AND (began_ms IS NOT NULL OR ack > 0)",
        node.no, incarnation,
    ):  # fmt: skip
        return
    db.run(
        "INSERT INTO node_life (node_no, incarnation, ack, hash, began_ms) VALUES (?,?,0,?,?)"
        " ON CONFLICT (node_no, incarnation) DO UPDATE SET began_ms = excluded.began_ms",
        node.no, incarnation, chain.genesis(node.id, incarnation), now_ms,
    )  # fmt: skip
    db.run("UPDATE node SET incarnation = ? WHERE no = ?", incarnation, node.no)
    if continued is not None:
        _goes_on(db, node, incarnation, continued, now_ms)


def _goes_on(db: Db, node: Known, incarnation: bytes, continued: Continued, now_ms: int) -> None:
    """Keep which life another goes on from, and how many events between them nobody has any more."""
    hole = max(0, continued.seq - life_of(db, node, continued.incarnation).ack)
    db.run(
        "UPDATE node_life SET after_incarnation = ?, after_seq = ?, after_hash = ?, reason = ?, hole = ?"
        " WHERE node_no = ? AND incarnation = ?",
        continued.incarnation, continued.seq, continued.hash, continued.reason[:40], hole, node.no, incarnation,
    )  # fmt: skip
    audits.note(
        db, now_ms, None, "node.reincarnated", node.id.hex(), life=incarnation.hex(),
        after=continued.incarnation.hex(), seq=continued.seq, reason=continued.reason[:40], hole=hole,
    )  # fmt: skip
    if hole:
        raise_alarm(db, node, "hole", now_ms)
    else:
        db.run("UPDATE node SET alarm = NULL, alarm_ms = NULL WHERE no = ? AND alarm = 'fork'", node.no)


def note_late(db: Db, node: Known, incarnation: bytes, now_ms: int) -> None:
    """New events under a life that another has replaced: two machines use one identity. They are taken all the same."""
    newest = db.value("SELECT incarnation FROM node WHERE no = ?", node.no)
    if newest is not None and newest != incarnation:
        raise_alarm(db, node, "two_machines", now_ms)


def raise_alarm(db: Db, node: Known, alarm: str, now_ms: int) -> None:
    """Mark a node for an administrator; a graver mark is left, and each new one is kept in the audit."""
    present = db.value("SELECT alarm FROM node WHERE no = ?", node.no)
    if present is not None and ALARMS.index(present) > ALARMS.index(alarm):
        return
    if present != alarm:
        audits.note(db, now_ms, None, "node.alarm", node.id.hex(), alarm=alarm)
    db.run("UPDATE node SET alarm = ?, alarm_ms = ? WHERE no = ?", alarm, now_ms, node.no)


def add_node(db: Db, node_id: bytes, office: str, public_key: bytes, scopes: Sequence[str], now_ms: int) -> None:
    """Enrol a node, or give an enrolled one its scopes and key anew; a key that it had is kept for what it signed."""
    known = find_node(db, node_id)
    if known is not None and known.public_key != public_key:
        db.run(
            "INSERT INTO node_key (node_no, public_key, retired_ms) VALUES (?,?,?)"
            " ON CONFLICT (node_no, public_key) DO UPDATE SET retired_ms = excluded.retired_ms",
            known.no, known.public_key, now_ms,
        )  # fmt: skip
    db.run(
        "INSERT INTO node (id, office, public_key, scopes, enrolled_ms) VALUES (?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
        " office = excluded.office, public_key = excluded.public_key, scopes = excluded.scopes, revoked_ms = NULL,"
        " alarm = NULL, alarm_ms = NULL",
        node_id, office, public_key, json.dumps(list(scopes)), now_ms,
    )  # fmt: skip
    no = db.value("SELECT no FROM node WHERE id = ?", node_id)
    rows = [(no, scope) for scope in scopes]
    db.many("INSERT INTO node_grant (node_no, scope) VALUES (?,?) ON CONFLICT (node_no, scope) DO NOTHING", rows)


def set_scopes(db: Db, node_no: int, scopes: Sequence[str]) -> None:
    """Give a node other scopes from here on; what it was ever granted stays, so that nothing pending is judged by less."""
    db.run("UPDATE node SET scopes = ? WHERE no = ?", json.dumps(list(scopes)), node_no)
    db.many(
        "INSERT INTO node_grant (node_no, scope) VALUES (?,?) ON CONFLICT (node_no, scope) DO NOTHING",
        [(node_no, scope) for scope in scopes],
    )


def computer_of(db: Db, node_no: int, central: bool, reference: Reference) -> Computer:
    """A node as the rules see it: its office, and every scope that it was ever granted."""
    office = db.value("SELECT office FROM node WHERE no = ?", node_no)
    directory = reference.at(db)
    known = directory.offices.get(office)
    scopes = frozenset(row[0] for row in db.all("SELECT scope FROM node_grant WHERE node_no = ?", node_no))
    return Computer(office, (known.agency if known else None) or "", central, scopes, places(db, directory.unit_scopes))


def list_nodes(db: Db) -> list[NodeRow]:
    """Every node but the centre's own, the longest silent first."""
    rows = db.all(
        "SELECT n.no, n.id, n.office, n.enrolled_ms, n.last_seen_ms, n.revoked_ms, n.unsent, n.oldest_ms, n.disk_free_mb,"
        " n.version, n.clock_offset_ms, n.alarm,"
        " (SELECT CAST(coalesce(sum(s.last_seq - s.first_seq + 1), 0) AS BIGINT) FROM inbox_segment s"
        "  WHERE s.node_no = n.no AND s.applied_ms IS NULL)"
        " FROM node n WHERE n.id <> (SELECT node FROM self_node WHERE id = 1) ORDER BY coalesce(n.last_seen_ms, 0), n.no"
    )
    kept = apart.counts(db)
    return [
        NodeRow(
            *row[:10], None if row[10] is None else round(row[10] / 1000), row[11], row[12], kept.get(row[0], 0)
        )
        for row in rows
    ]  # fmt: skip
