"""Makes a filled centre on PostgreSQL many times as large, for measuring pages only: rows copied by the server, nothing judged.

Lists, search, figures and exports read what they would read if all of it had come in; `verify` says that it did not. What is judged
and signed is as much as was filled (`fill_centre.py`), and goes on growing as it would.
"""

from __future__ import annotations

from intake_app.node import Node
from intake_app.store.database import Db
from intake_app.store.tables import report as reports

SHIFT_MS = 780_000  # each copy was received thirteen minutes before the one it is of
_INDEX = "CREATE INDEX report_search_words ON report_search USING gin (words)"


def multiply(node: Node, times: int) -> int:
    """Make it so many times as large; returns how many reports there are then."""
    with node.database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
        db = Db(connection, True, {})
        db.run("DROP INDEX report_search_words")
        last = int(db.value("SELECT max(no) FROM entity"))
        feed_last = int(db.value("SELECT value FROM feed_counter"))
        for copy in range(1, times):
            _copy(db, copy, last, feed_last)
        db.run(f"SELECT setval('entity_no_seq', {last * times})")
        db.run(f"UPDATE feed_counter SET value = {feed_last * times}")
        db.run(_INDEX)
        count = int(db.value("SELECT count(*) FROM report"))
        connection.exec_driver_sql("COMMIT")
    return count


def _copy(db: Db, copy: int, last: int, feed_last: int) -> None:
    more = last * copy
    db.run(
        "INSERT INTO entity (no, id, type, version, state, view, sole) SELECT no + ?, decode(md5(id::text || ?), 'hex'),"
        " type, version, state, view, sole FROM entity WHERE type = 'report' AND no <= ?",
        more, str(copy), last,
    )  # fmt: skip
    changed = {
        "no": f"no + {more}",
        "received_ms": f"received_ms - {SHIFT_MS * copy}",
        "tracking_code": "left(tracking_code, 4) || lpad(((right(tracking_code, 8)::bigint"
        f" + {9_999_991 * copy}) % 100000000)::text, 8, '0')",
    }
    names = [column.name for column in reports.columns]
    values = ", ".join(changed.get(name, name) for name in names)
    db.run(f"INSERT INTO report ({', '.join(names)}) SELECT {values} FROM report WHERE no <= ?", last)
    db.run("INSERT INTO report_search (no, words) SELECT no + ?, words FROM report_search WHERE no <= ?", more, last)
    db.run(
        "INSERT INTO feed (scope_no, entity_no, feed_seq, removed) SELECT f.scope_no, f.entity_no + ?, f.feed_seq + ?,"
        " f.removed FROM feed f JOIN report r ON r.no = f.entity_no WHERE f.entity_no <= ?",
        more, feed_last * copy, last,
    )  # fmt: skip
    # The first bytes of an id say when it was made.
    db.run(
        "INSERT INTO inbox_event (event, payload, segment_no, seq, node_no, entity_no, kind, verdict)"
        " SELECT substring(event FOR 8) || substring(decode(md5(event::text || ?), 'hex') FROM 9), payload, segment_no, seq,"
        " node_no, entity_no + ?, kind, verdict"
        " FROM inbox_event WHERE entity_no <= ? AND kind LIKE 'report.%'",
        str(copy), more, last,
    )  # fmt: skip
