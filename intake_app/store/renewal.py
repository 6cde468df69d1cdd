"""The centre has begun a new epoch: it was restored, and what it had acknowledged and confirmed since may be gone.

A node goes back to what the centre really has and sends the rest again. What it holds is replaced as it comes: until then it
stands at version 0, and is shown. In the end what did not come again and has no own event that is unsettled is swept.
"""

from __future__ import annotations

from intake_app.store import audits, holdings, journal, reports
from intake_app.store.database import Db
from intake_app.store.entities import load_numbers
from sync.protocol import Reply

CODES_TOLD = 50


def begin(db: Db, head: journal.Head, reply: Reply, now_ms: int) -> set[int]:
    """Go back to what the centre says it has; returns the entities with own events that are pending again."""
    own = "life = ? AND (seq > ? OR verdict <> 'applied')"
    rows = db.all(
        f"SELECT DISTINCT entity_no FROM journal WHERE verdict IS NOT NULL AND {own}", head.life, reply.judged
    )
    # What was judged otherwise than "applied" is told again with the pages; the rest of it is applied in this epoch.
    db.run(f"UPDATE journal SET verdict = NULL, code = NULL, params = NULL WHERE {own}", head.life, reply.judged)
    db.run("UPDATE self_node SET epoch = ? WHERE id = 1", reply.epoch)
    db.run(
        "UPDATE upstream SET acked = ?, judged = ?, settled = 0, safe = ?, renewing = 1 WHERE id = 1",
        reply.ack, reply.judged, min(reply.safe, reply.ack),
    )  # fmt: skip
    db.run("UPDATE entity SET version = 0 WHERE version IS NOT NULL")
    holdings.read_anew(db, [row[0] for row in db.all("SELECT no FROM scope_cursor WHERE granted = 1")])
    # A report that rode ahead of the queue was at the centre although its turn had not come; that is over.
    db.run(
        "UPDATE report SET own_seq = (SELECT max(j.seq) FROM journal j WHERE j.entity_no = report.no AND j.life = ?)"
        " WHERE own_seq = 0 AND no IN (SELECT entity_no FROM journal WHERE life = ? AND seq > ?)",
        head.life, head.life, reply.ack,
    )  # fmt: skip
    if head.epoch:
        audits.note(db, now_ms, None, "epoch.met", reply.epoch.hex(), acked=reply.ack, reports=len(rows))
    return {row[0] for row in rows}


def sweep(db: Db, now_ms: int) -> None:
    """Everything the centre has came: what is still of the epoch before is forgotten, unless own work on it is unsettled."""
    # What came again and lies in no scope any more keeps its rows: they say that it has left, once own work on it is settled.
    db.run("DELETE FROM held_row WHERE feed_seq = 0 AND entity_no IN (SELECT no FROM entity WHERE version = 0)")
    old = {row[0] for row in db.all("SELECT no FROM entity WHERE version = 0")}
    # What is about a report that its own office has not sent again yet is judged again when that has come.
    waits = "verdict IS NULL OR verdict = 'held' OR (verdict = 'quarantined' AND code = 'no_such_report')"
    unsettled = {row[0] for row in db.all(f"SELECT DISTINCT entity_no FROM journal WHERE {waits}")}
    codes: list[str] = []
    for no in sorted(old - unsettled):
        one = load_numbers(db, [no])[no]
        if one.seen is not None and one.type == "report":
            codes.append(one.seen["tracking_code"])
        reports.forget(db, one)
        db.run("UPDATE entity SET version = NULL WHERE no = ?", no)
    if codes:
        audits.note(db, now_ms, None, "epoch.swept", str(len(codes)), codes=codes[:CODES_TOLD])
    if not old & unsettled:
        db.run("UPDATE upstream SET renewing = 0 WHERE id = 1")
