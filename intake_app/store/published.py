"""What the centre publishes as each node looks it up: rows made together, before those of the reports that go by them."""

from __future__ import annotations

from collections.abc import Iterable

from intake_app.store import articles, deadlines, reference, rules
from intake_app.store.database import Db
from intake_app.store.entities import Entity


def save(db: Db, entities: Iterable[Entity]) -> None:
    """Write the rows of what is published among these entities; nearly all are reports, and are not looked at."""
    found = [one for one in entities if one.type != "report"]
    if found:
        deadlines.save_sources(db, found)
        articles.save_articles(db, found)
        rules.save_rules(db, found)
        reference.save_rows(db, found)


def rebuild(db: Db, chunks: Iterable[list[Entity]]) -> None:
    """Make every row and search entry anew, in one walk."""
    for table in ("deadline_source", "article", "article_search", "routing_rule", "reference", "reference_mark"):
        db.run(f"DELETE FROM {table}")
    for some in chunks:
        save(db, some)
