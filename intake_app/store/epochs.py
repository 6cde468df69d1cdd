"""The centre's epochs: its versions and acks mean something only within one, and a database put back from a copy begins another.

How far the centre had come stands outside the database too (`epoch`): its epoch, and how many segments it had stored. A
database behind that, or of another epoch, was put back. Not fsynced at each segment: a file that lags behind is no alarm.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake_app.store import audits, journal, lives, own_log, replay
from intake_app.store.database import Db
from intake_app.store.side_file import Mark, SideFile

if TYPE_CHECKING:
    from intake_app.node import Node

EPOCH_FILE = "epoch"
EPOCH_BYTES = 8
RESTORED_FILE = "restored"  # put there by a restore
RESTORED = "restored"
# One node's word is enough for a new epoch, which costs the whole province a new start: not more often than this.
CLAIM_PAUSE_MS = 3600 * 1000


def note_stored(node: Node, db: Db, segment_no: int) -> None:
    """Keep outside the database, once this is committed, that so many segments are stored."""
    mark = Mark(journal.head(db).epoch, segment_no, bytes(32))
    db.after_commit(lambda: _file(node, durable=False).write(mark))


def meet_the_past(node: Node) -> Node:
    """Begin a new epoch where this centre's database was put back from a copy, and a new life where own events are missing."""
    restored = node.settings.instance / RESTORED_FILE
    mark, side = _marks(node)
    with node.database.read() as db:
        reason, head = _what_happened(db, mark, side, restored.exists()), journal.head(db)
        if reason is None and mark is None:
            _write(node, db)
    if reason is None:
        own_log.catch_up(node)
        if head.seq:
            node.side_file.write(Mark(head.incarnation, head.seq, head.hash))
        return node
    with node.database.transaction() as db:
        # Now nobody commits beside this: what stands outside is not ahead because it was read later.
        mark, side = _marks(node)
        reason = _what_happened(db, mark, side, restored.exists())
        if reason is not None:
            done = replay.replay(node, db, reason)
            _go_on(node, db, side, reason)
            begin(node, db, reason, events=done.events, nodes=done.nodes)
            db.after_commit(lambda: _note_head(node))
            db.after_commit(lambda: restored.unlink(missing_ok=True))
        head = journal.head(db)
    return replace(node, head=head)


def _note_head(node: Node) -> None:
    with node.database.read() as db:
        head = journal.head(db)
    mark = Mark(head.incarnation, head.seq, head.hash)
    node.side_file.write(mark)
    if (log := own_log.log_of(node)).folder.is_dir():
        log.mark.write(mark)


def _go_on(node: Node, db: Db, side: Mark | None, reason: str) -> None:
    """The centre's own journal goes on in a new life where it lacks what was called saved: those numbers were given out."""
    if not _is_behind(db, side):
        return
    head = journal.head(db)
    known = side is not None and side.incarnation == head.incarnation
    lives.begin(node, db, reason, common=head.seq, missing=side.seq - head.seq if side and known else None)


def begin(node: Node, db: Db, reason: str, **replayed: int) -> bytes:
    """Begin a new epoch, in the caller's transaction; nodes learn it from the next reply."""
    epoch = node.entropy(EPOCH_BYTES)
    db.run("UPDATE self_node SET epoch = ? WHERE id = 1", epoch)
    db.run("DELETE FROM backup_life")  # of the epoch before: how far nodes are in a backup is told from the next one on
    audits.note(db, node.clock.now_ms(), None, "epoch.new", epoch.hex(), reason=reason, **replayed)
    mark = Mark(epoch, _stored(db), bytes(32))
    db.after_commit(lambda: _file(node).write(mark))
    return epoch


def is_claimed(db: Db, now_ms: int) -> bool:
    """Whether a node's word, that it was acknowledged more than is stored, may begin a new epoch now."""
    last = db.value("SELECT max(at_ms) FROM audit WHERE action = 'epoch.new'")
    return last is None or abs(now_ms - last) > CLAIM_PAUSE_MS


def forced_since(db: Db, since_ms: int) -> bool:
    """Whether a new epoch was begun that nobody had asked for by a restore."""
    rows = db.all("SELECT details FROM audit WHERE action = 'epoch.new' AND at_ms > ?", since_ms)
    return any(f'"{RESTORED}"' not in row[0] for row in rows)


def _marks(node: Node) -> tuple[Mark | None, Mark | None]:
    """How far the centre had come in all, and its own journal: the side file or, where that went back too, the log."""
    side, logged = node.side_file.read(), own_log.log_of(node).mark.read()
    if side is None or (logged is not None and logged.incarnation == side.incarnation and logged.seq > side.seq):
        side = logged
    return _file(node).read(), side


def _what_happened(db: Db, mark: Mark | None, side: Mark | None, restored: bool) -> str | None:
    """Why this database cannot go on in its epoch, or None; the marks were read before it."""
    head = journal.head(db)
    if restored:
        return RESTORED
    if mark is not None and mark.incarnation != head.epoch:
        return "epoch_differs"
    if mark is not None and mark.seq > _stored(db):
        return "rolled_back"
    return "rolled_back" if _is_behind(db, side) else None


def _is_behind(db: Db, side: Mark | None) -> bool:
    """Whether the centre's own journal lacks what its side file says it had."""
    # Of the machine no notice is taken: a centre is moved on purpose, and its clones are known by their epoch.
    return lives.what_happened(db, side, b"") == "rolled_back"


def _stored(db: Db) -> int:
    return int(db.value("SELECT max(no) FROM inbox_segment") or 0)


def _write(node: Node, db: Db) -> None:
    _file(node).write(Mark(journal.head(db).epoch, _stored(db), bytes(32)))


def _file(node: Node, durable: bool = True) -> SideFile:
    return SideFile(node.settings.instance / EPOCH_FILE, durable)
