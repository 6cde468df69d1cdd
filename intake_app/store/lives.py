"""The lives of this database: a sequence number means something only within one, and a restored or copied one begins another.

What the centre is not known to have is journalled again under the new life, with the same ids and bytes. The older row
stays for the chain with the verdict "again", which no reader of pending or refused events looks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake_app.store import audits, holdings, journal, upstream
from intake_app.store.database import Db
from intake_app.store.side_file import Mark
from sync import chain
from sync.event import EventBytes
from sync.protocol import Continued

if TYPE_CHECKING:
    from intake_app.node import Node

FIRST = "made"  # the reason of a first life
ALARMING = ("rolled_back", "fork", "gap")  # something may be missing until the centre has been talked to
KEEPS_CURSORS = ("machine_changed",)  # nothing is missing from the database: only the numbers may be in use elsewhere
UNKNOWN = bytes(chain.HASH_BYTES)  # a hash that went with the events it stood for
CHUNK = 500
_COLUMNS = (
    "life, incarnation, began_ms, reason, after_incarnation, after_seq, after_hash, missing, again, fetched, told_ms,"
    " reconciled_ms"
)


@dataclass(frozen=True)
class Life:
    """One life: when and why it began, after which event of which other, and how far it has been made good."""

    life: int
    incarnation: bytes
    began_ms: int
    reason: str
    after_incarnation: bytes | None
    after_seq: int | None
    after_hash: bytes | None
    missing: int | None
    again: int
    fetched: int
    told_ms: int | None
    reconciled_ms: int | None

    @property
    def alarm(self) -> str | None:
        """Why a person should know, until all is as it was."""
        return self.reason if self.reconciled_ms is None and self.reason in ALARMING else None


def note_first(db: Db, incarnation: bytes, now_ms: int) -> None:
    """Write down the first life of a database."""
    db.run(
        "INSERT INTO life (life, incarnation, began_ms, reason, told_ms, reconciled_ms) VALUES (1,?,?,?,?,?)",
        incarnation, now_ms, FIRST, now_ms, now_ms,
    )  # fmt: skip


def present(db: Db) -> Life | None:
    """The life that goes on now."""
    row = db.one(f"SELECT {_COLUMNS} FROM life WHERE life = (SELECT life FROM self_node WHERE id = 1)")
    return None if row is None else Life(*row)


def every(db: Db) -> list[Life]:
    """All lives, the first one first."""
    return [Life(*row) for row in db.all(f"SELECT {_COLUMNS} FROM life ORDER BY life")]


def what_happened(db: Db, mark: Mark | None, machine: bytes) -> str | None:
    """Why this database cannot go on under its present life, or None; the mark was read before the database."""
    head = journal.head(db)
    if mark is not None and mark.incarnation == head.incarnation:
        if journal.hash_at(db, head.life, head.incarnation, head.node, mark.seq) != mark.hash:
            return "rolled_back"
    elif mark is not None and not db.one("SELECT 1 FROM life WHERE incarnation = ?", mark.incarnation):
        return "rolled_back"
    known: bytes = db.value("SELECT fingerprint FROM self_node WHERE id = 1")
    return None if known == machine else "machine_changed"


def begin(
    node: Node, db: Db, reason: str, *, common: int | None = None, missing: int | None = None, everything: bool = False
) -> journal.Head:
    """Begin another life: journal again what the centre is not known to have, and read its scopes from their beginning.

    `common` is the last event of the present life that both sides have; without it, the last that the centre acknowledged.
    With `everything`, events of all lives are journalled again, and are pending until this centre has judged them.
    """
    old, now_ms = journal.head(db), node.clock.now_ms()
    if common is None:
        bound = upstream.load_upstream(db)
        common = min(bound.acked, old.seq) if bound else 0
    incarnation, life = node.entropy(len(old.incarnation)), old.life + 1
    tip = chain.genesis(old.node, incarnation)
    head = old._replace(life=life, incarnation=incarnation, seq=0, hash=tip)
    after = _after(db, old, common)
    db.run("UPDATE self_node SET life = ?, incarnation = ?, seq = 0, hash = ? WHERE id = 1", life, incarnation, tip)
    head = _again(db, old, head, common, everything)
    db.run(
        "INSERT INTO life (life, incarnation, began_ms, reason, after_incarnation, after_seq, after_hash, missing, again)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        life, incarnation, now_ms, reason, *after, missing, head.seq,
    )  # fmt: skip
    _restart(db, head, keeps_cursors=reason in KEEPS_CURSORS)
    audits.note(
        db, now_ms, None, "node.reincarnated", incarnation.hex(),
        reason=reason, after=after[0].hex(), seq=after[1], again=head.seq, missing=missing,
    )  # fmt: skip
    mark = Mark(incarnation, head.seq, head.hash)
    db.after_commit(lambda: node.side_file.write(mark))
    return head


def _after(db: Db, old: journal.Head, common: int) -> tuple[bytes, int, bytes]:
    """The life and event that the new one goes on from: where the centre never heard of the old one, the one before it."""
    ended = present(db)
    if ended is not None and ended.told_ms is None and ended.after_incarnation is not None and not common:
        return ended.after_incarnation, ended.after_seq or 0, ended.after_hash or UNKNOWN
    return old.incarnation, common, journal.hash_at(db, old.life, old.incarnation, old.node, common) or UNKNOWN


def _again(db: Db, old: journal.Head, head: journal.Head, common: int, everything: bool) -> journal.Head:
    """Journal events again, same ids and bytes, in their order; the rows they had say so from now on."""
    wanted, bounds = "life = ? AND (seq > ? OR verdict IS NULL)", (old.life, common)
    if everything:
        wanted, bounds = "life BETWEEN ? AND ? AND (verdict IS NULL OR verdict <> 'again')", (1, old.life)
    seq, tip, last = head.seq, head.hash, 0
    while rows := db.all(
        "SELECT no, event, entity_no, kind, header, open, private, settled_by, verdict, code, params FROM journal"
        f" WHERE {wanted} AND no > ? ORDER BY no LIMIT {CHUNK}",
        *bounds, last,
    ):  # fmt: skip
        new = []
        for row in rows:
            seq, tip = seq + 1, chain.link(tip, EventBytes(*row[4:7]))
            new.append((head.life, seq, *row[1:7], tip, row[7], *(() if everything else row[8:11])))
        last = rows[-1][0]
        columns = "life, seq, event, entity_no, kind, header, open, private, hash, settled_by"
        if not everything:
            columns += ", verdict, code, params"
        db.many(f"INSERT INTO journal ({columns}) VALUES ({','.join('?' * len(new[0]))})", new)
    db.run(f"UPDATE journal SET verdict = 'again' WHERE {wanted}", *bounds)
    db.run("UPDATE self_node SET seq = ?, hash = ? WHERE id = 1", seq, tip)
    return head._replace(seq=seq, hash=tip)


def _restart(db: Db, head: journal.Head, *, keeps_cursors: bool) -> None:
    """Nothing of this life is at the centre yet; what was read of its scopes is read again unless it is surely all here."""
    db.run("UPDATE upstream SET acked = 0, judged = 0, settled = 0, safe = 0, run_total = NULL")
    if not keeps_cursors:
        holdings.read_anew(db, [row[0] for row in db.all("SELECT no FROM scope_cursor WHERE granted = 1")])
    db.run("UPDATE report SET own_seq = 0 WHERE own_seq > 0")
    db.run(
        "UPDATE report SET own_seq = (SELECT max(j.seq) FROM journal j WHERE j.life = ? AND j.entity_no = report.no)"
        " WHERE no IN (SELECT entity_no FROM journal WHERE life = ?)",
        head.life, head.life,
    )  # fmt: skip


def move_to_machine(db: Db, machine: bytes) -> None:
    """From now on this is the machine that the database is at home on."""
    db.run("UPDATE self_node SET fingerprint = ? WHERE id = 1", machine)


def continues(life: Life | None) -> Continued | None:
    """What the centre is told of a new life, until it has answered once."""
    if life is None or life.told_ms is not None or life.after_incarnation is None:
        return None
    return Continued(life.after_incarnation, life.after_seq or 0, life.after_hash or UNKNOWN, life.reason)


def note_exchange(db: Db, life: Life | None, told: bool, states: int, all_moved: bool, now_ms: int) -> None:
    """Keep how far a new life has come: the centre knows of it, what was fetched, and that nothing is left to do."""
    if life is None or (life.told_ms is not None and life.reconciled_ms is not None):
        return
    fetched = states if life.reconciled_ms is None else 0
    db.run(
        "UPDATE life SET fetched = fetched + ?, told_ms = coalesce(told_ms, ?), reconciled_ms = coalesce(reconciled_ms, ?)"
        " WHERE life = ?",
        fetched, now_ms if told else None, now_ms if all_moved else None, life.life,
    )  # fmt: skip
    if all_moved and life.reconciled_ms is None:
        audits.note(
            db,
            now_ms,
            None,
            "node.reconciled",
            life.incarnation.hex(),
            again=life.again,
            fetched=life.fetched + fetched,
        )
