"""The centre's second step: events that are stored get a verdict, states a version, scopes their place in the feed.

One batch is one transaction; the judging itself is `store/judging.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import OperationalError

from intake_app.store import feed, refused
from intake_app.store.arrived import Arrived, Batch
from intake_app.store.database import Db
from intake_app.store.entities import load_entities
from intake_app.store.judging import Judging, told_of
from intake_app.store.reference import Reference
from sync.ingest import settled
from sync.outcome import Outcome


def confirm(db: Db, batch: Batch, events: Sequence[Arrived], reference: Reference) -> dict[str, int]:
    """Judge a batch in its order and write all that follows; returns the count of each verdict and of new reports."""
    work = Judging(db, batch, events)
    for item in events:
        event = item.event
        if known := work.known.get(event.id):
            # The same event again, under another life or ahead of its turn: its verdict stands. Other bytes are another matter.
            verdict = "duplicate" if known[0] == item.proof.payload else "quarantined"
            work.counts[verdict] += 1
            if verdict == "quarantined":
                work.told.append(told_of(batch, item, Outcome("quarantined", None, "other_payload")))
        elif named := settled(event):
            work.settle(item, named)
        else:
            outcome = work.judge(item)
            # Who may record now may not have been allowed to yet when an urgent report overtook the word of it.
            if not (batch.ahead and outcome.verdict == "denied"):
                work.keep(item, outcome, batch.segment_no, None)
    _write(db, work, reference)
    return dict(work.counts)


def judge_again(db: Db, batch: Batch, entity: bytes, reference: Reference) -> dict[str, int]:
    """Judge what a node did to an entity and was held back, now that it is understood; later events of it follow."""
    work = Judging(db, batch, [])
    one = work.entities[entity] = load_entities(db, [entity], hold=True)[entity]
    work.before[entity], work.versions[entity] = one.confirmed, one.version
    work.again(one)
    _write(db, work, reference)
    return dict(work.counts)


def _write(db: Db, work: Judging, reference: Reference) -> None:
    work.flush()
    work.finish(reference)
    _tell(db, work.told)
    refused.recount(db, work.recounted)


def confirm_each(db: Db, batch: Batch, events: Sequence[Arrived], reference: Reference, now_ms: int) -> dict[str, int]:
    """Judge a batch as a whole; if that breaks, event by event, so that one which breaks our own code stops no other."""
    try:
        with db.savepoint():
            return confirm(db, batch, events, reference)
    except OperationalError:
        raise  # a full disk or a lock is no fault of an event
    except Exception:
        counts: Counter[str] = Counter()
    for item in events:
        counts.update(_confirm_alone(db, batch, item, reference, now_ms))
    return dict(counts)


def _confirm_alone(db: Db, batch: Batch, item: Arrived, reference: Reference, now_ms: int) -> dict[str, int]:
    """One event of a batch that broke; if it is the one, it is kept apart.

    On PostgreSQL it is tried twice: another worker may make the same report between our look and our write.
    """
    for last in (False, True) if db.postgres else (True,):
        try:
            with db.savepoint():
                return confirm(db, batch, [item], reference)
        except OperationalError:
            raise
        except Exception as reason:
            if last:
                what = f"event {item.event.id.hex()}: {type(reason).__name__}: {str(reason)[:500]}"
                db.run("INSERT INTO broken_promise (at_ms, what) VALUES (?,?)", now_ms, what.replace("\0", " "))
    return confirm(db, batch._replace(broken=True), [item], reference)


def _tell(db: Db, told: Sequence[tuple[Any, ...]]) -> None:
    """Put verdicts into the node's own scope, so that they arrive however many replies are lost."""
    if not told:
        return
    first = feed.take_numbers(db, len(told))
    db.many(
        "INSERT INTO verdict_feed (node_no, event, verdict, code, params, header, open, private, feed_seq)"
        " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (node_no, event) DO UPDATE SET feed_seq = excluded.feed_seq,"
        " verdict = excluded.verdict, code = excluded.code, params = excluded.params, header = excluded.header,"
        " open = excluded.open, private = excluded.private",
        [(*row, first + at) for at, row in enumerate(told)],
    )
