"""Make everything anew that is a cache: views, list rows, look-ups, search entries, counts."""

from __future__ import annotations

from collections.abc import Callable

from intake_app.node import Node
from intake_app.store import journal, publicity, published, reports, search, tally
from intake_app.store.database import Db
from intake_app.store.entities import all_entities, save_entities
from intake_app.store.own_events import fold_again

Progress = Callable[[int], None]


def rebuild_rows(node: Node, progress: Progress = lambda done: None) -> int:
    """Make every list row, view and search entry anew from journal and confirmed states; returns how many reports."""
    done = 0
    with node.database.transaction() as db:
        head = journal.head(db)
        search.empty(db)
        publicity.empty(db)
        seqs = {row[0]: row[1] for row in db.all("SELECT no, own_seq FROM report")}
        for table in ("conflict", "code_alias", "callback", "report_link", "report_support", "query", "report"):
            db.run(f"DELETE FROM {table}")
        published.rebuild(db, all_entities(db))
        tally.forget_all(db)
        for some in all_entities(db):
            if head.role == "office":
                for one in some:
                    fold_again(db, head.node, one)
                save_entities(db, some)
            found = [one for one in some if one.type == "report" and one.seen is not None]
            own = {one.no: _own_seq(db, head.life, one.no, seqs) for one in found} if head.role == "office" else {}
            reports.save_reports(db, found, own, reports.refused_counts(db, [one.no for one in found]))
            reports.index_reports(db, found, {})
            done += len(found)
            progress(done)
    return done


def _own_seq(db: Db, life: int, no: int, seqs: dict[int, int]) -> int:
    return seqs.get(no) or db.value("SELECT max(seq) FROM journal WHERE entity_no = ? AND life = ?", no, life) or 0
