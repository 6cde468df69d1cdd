"""The centre keeps rows that say "removed" for a time only: who was away for longer reads the scope anew."""

from __future__ import annotations

from intake_app.store import feed
from intake_app.store.database import Db

DAY_MS = 24 * 3600 * 1000
ROWS = 5000  # of one transaction


def note_mark(db: Db, now_ms: int) -> None:
    """Note once a day how far the feed has come, so that rows can be told by their age."""
    last = db.value("SELECT max(at_ms) FROM feed_mark")
    if last is None or now_ms - last >= DAY_MS:
        db.run("INSERT INTO feed_mark (at_ms, value) SELECT ?, value FROM feed_counter WHERE id = 1", now_ms)


def passed(db: Db, moment_ms: int) -> int:
    """The place in the feed up to which everything is older than that moment."""
    return int(db.value("SELECT max(value) FROM feed_mark WHERE at_ms <= ?", moment_ms) or 0)


def purge_removed(db: Db, through: int) -> int:
    """Forget the oldest rows that say "removed", up to a place in the feed; returns how many went."""
    feed.hold_counter(db)
    rows = db.all(
        "SELECT scope_no, entity_no, feed_seq FROM feed WHERE removed = 1 AND feed_seq <= ? ORDER BY feed_seq LIMIT ?",
        through, ROWS,
    )  # fmt: skip
    ends = {row[0]: row[2] for row in rows}
    db.many("DELETE FROM feed WHERE scope_no = ? AND entity_no = ?", [(row[0], row[1]) for row in rows])
    db.many(
        "UPDATE scope SET purged = ? WHERE no = ? AND purged < ?", [(end, no, end) for no, end in sorted(ends.items())]
    )
    return len(rows)


def purge_verdicts(db: Db, through: int) -> int:
    """Forget verdicts that took an event and that its node says it has read; returns how many went.

    What was refused or held back stays: without that word its node would take the event for applied.
    """
    return db.run(
        "DELETE FROM verdict_feed WHERE no IN (SELECT v.no FROM verdict_feed v JOIN node n ON n.no = v.node_no"
        " WHERE v.feed_seq <= ? AND v.feed_seq <= n.told AND v.verdict IN ('merged','conflict','duplicate') LIMIT ?)",
        through, ROWS,
    )  # fmt: skip


def forget_marks(db: Db, moment_ms: int) -> None:
    """Of the marks older than that moment the newest says all."""
    db.run("DELETE FROM feed_mark WHERE value < ?", passed(db, moment_ms))
