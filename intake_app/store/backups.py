"""Backups as the node knows them: what was made, where it lies, whether a test restore verified it, what is safe in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from intake_app.store.database import Db

DRILLS_KEPT = 200


class Kept(NamedTuple):
    """A backup that still lies somewhere."""

    no: int
    name: str
    made_ms: int
    verified_ms: int | None
    scheduled: bool
    off_machine: bool


class Drill(NamedTuple):
    """A test restore."""

    at_ms: int
    name: str
    folder: str
    ok: bool
    problem: str | None
    seconds: float


class Made(NamedTuple):
    """A backup that was just written; `lives` says how far each life of each node is in it."""

    name: str
    made_ms: int
    problem: str | None
    scheduled: bool
    seq: int
    bytes: int
    sha256: str
    lives: Sequence[tuple[bytes, bytes, int]]


def add(db: Db, made: Made, verified_ms: int | None) -> int:
    """Note a backup; returns its number."""
    no = db.value(
        "INSERT INTO backup (name, made_ms, verified_ms, problem, scheduled, seq, bytes, sha256)"
        " VALUES (?,?,?,?,?,?,?,?) RETURNING no",
        made.name, made.made_ms, verified_ms, made.problem, int(made.scheduled), made.seq, made.bytes, made.sha256,
    )  # fmt: skip
    db.many(
        "INSERT INTO backup_life (backup_no, node, incarnation, ack) VALUES (?,?,?,?)",
        [(no, *life) for life in made.lives],
    )
    return int(no)


def add_file(db: Db, no: int, folder: str, off_machine: bool) -> None:
    """Note where a backup lies."""
    db.run(
        "INSERT INTO backup_file (backup_no, folder, off_machine) VALUES (?,?,?) ON CONFLICT (backup_no, folder)"
        " DO UPDATE SET off_machine = excluded.off_machine, gone_ms = NULL",
        no, folder, int(off_machine),
    )  # fmt: skip


def mark_gone(db: Db, no: int, folder: str, now_ms: int) -> None:
    """Note that a file is not there any more; where it was the last, how far nodes were in it is forgotten too."""
    db.run("UPDATE backup_file SET gone_ms = ? WHERE backup_no = ? AND folder = ?", now_ms, no, folder)
    if db.one("SELECT 1 FROM backup_file WHERE backup_no = ? AND gone_ms IS NULL LIMIT 1", no) is None:
        db.run("DELETE FROM backup_life WHERE backup_no = ?", no)


def kept(db: Db) -> list[Kept]:
    """Every backup that still lies somewhere, newest first."""
    rows = db.all(
        "SELECT b.no, b.name, b.made_ms, b.verified_ms, b.scheduled, max(f.off_machine) FROM backup b"
        " JOIN backup_file f ON f.backup_no = b.no WHERE f.gone_ms IS NULL"
        " GROUP BY b.no, b.name, b.made_ms, b.verified_ms, b.scheduled ORDER BY b.no DESC"
    )
    return [Kept(*row[:4], bool(row[4]), bool(row[5])) for row in rows]


def folders_of(db: Db, no: int) -> list[str]:
    """Where a backup lies."""
    rows = db.all("SELECT folder FROM backup_file WHERE backup_no = ? AND gone_ms IS NULL ORDER BY folder", no)
    return [row[0] for row in rows]


def pair_of(found: Sequence[Kept]) -> tuple[Kept, Kept] | None:
    """The two newest verified backups of which one lies off the machine, newer first; None where there are no two."""
    verified = [one for one in found if one.verified_ms is not None]
    if len(verified) < 2:
        return None
    away = next((one for one in verified if one.off_machine), None)
    if away is None:
        return None
    other = verified[0] if away is not verified[0] else verified[1]
    newer, older = sorted((away, other), key=lambda one: -one.no)
    return newer, older


def safe_of(db: Db, node: bytes, incarnation: bytes) -> int:
    """How far a life of a node is in the older of the two newest verified backups, one of them off the machine."""
    pair = pair_of(kept(db))
    if pair is None:
        return 0
    ack = db.value(
        "SELECT ack FROM backup_life WHERE backup_no = ? AND node = ? AND incarnation = ?",
        pair[1].no,
        node,
        incarnation,
    )
    return int(ack or 0)


def add_drill(db: Db, row: Drill) -> None:
    """Keep the result of a test restore; the oldest go."""
    db.run(
        "INSERT INTO drill (at_ms, name, folder, ok, problem, millis) VALUES (?,?,?,?,?,?)",
        row.at_ms, row.name, row.folder, int(row.ok), row.problem, round(row.seconds * 1000),
    )  # fmt: skip
    db.run("DELETE FROM drill WHERE no <= (SELECT max(no) FROM drill) - ?", DRILLS_KEPT)


def last_drill(db: Db) -> Drill | None:
    """The newest test restore, or None."""
    row = db.one("SELECT at_ms, name, folder, ok, problem, millis FROM drill ORDER BY no DESC LIMIT 1")
    return None if row is None else Drill(row[0], row[1], row[2], bool(row[3]), row[4], row[5] / 1000)
