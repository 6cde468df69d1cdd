"""Which reports point to which. The event stands on one of two; this table lets the other one know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake_app.store.database import Db
from intake_app.store.entities import Entity

_IN_MAX = 400


@dataclass(frozen=True)
class Linked:
    """A report at the other end of a link; without a code it is one that this machine does not hold."""

    id: bytes
    relation: str
    towards: bool  # the link stands on the report that is looked at
    tracking_code: str | None = None
    summary: str | None = None
    status: str | None = None
    lead_agency: str | None = None


def save(db: Db, entities: Sequence[Entity]) -> None:
    """Note where reports point; links only grow, so nothing is taken out."""
    rows = [
        (bytes.fromhex(link["other"]), one.no, link["relation"])
        for one in entities
        if one.seen
        for link in one.seen.get("links", ())
        if link.get("other") and link.get("relation")
    ]
    if rows:
        db.many("INSERT INTO report_link (other, entity_no, relation) VALUES (?,?,?) ON CONFLICT DO NOTHING", rows)


def forget(db: Db, no: int) -> None:
    """Take out where a report pointed that is not here any more."""
    db.run("DELETE FROM report_link WHERE entity_no = ?", no)


def linked_with(db: Db, report_id: bytes, no: int) -> list[Linked]:
    """The reports at the other ends of a report's links, those it points to first."""
    ends = [(row[0], row[1], True) for row in db.all("SELECT other, relation FROM report_link WHERE entity_no = ?", no)]
    ends += [
        (row[0], row[1], False)
        for row in db.all(
            "SELECT e.id, l.relation FROM report_link l JOIN entity e ON e.no = l.entity_no WHERE l.other = ?",
            report_id,
        )
    ]
    rows = _rows(db, {end[0] for end in ends})
    return [Linked(end, relation, towards, *rows.get(end, ())) for end, relation, towards in ends]


def _rows(db: Db, ids: Iterable[bytes]) -> dict[bytes, tuple[str, str, str, str | None]]:
    some = list(ids)[:_IN_MAX]
    if not some:
        return {}
    found = db.all(
        "SELECT e.id, r.tracking_code, r.summary, r.status, r.lead_agency FROM report r JOIN entity e ON e.no = r.no"
        f" WHERE e.id IN ({','.join('?' * len(some))})",
        *some,
    )
    return {bytes(row[0]): (row[1], row[2], row[3], row[4]) for row in found}


SAME = ("duplicate_of", "same_matter")


def family_of(db: Db, report_id: bytes, limit: int) -> list[bytes]:
    """The reports of one matter, over any number of links in either direction; the report itself is not among them."""
    found: dict[bytes, None] = {report_id: None}
    fresh = [report_id]
    while fresh and len(found) <= limit:
        near = set(_ends(db, fresh[:_IN_MAX]))
        fresh = sorted(near - found.keys())
        found |= dict.fromkeys(fresh)
    return [one for one in found if one != report_id][:limit]


def _ends(db: Db, ids: Sequence[bytes]) -> Iterable[bytes]:
    """What these point to and what points to them, as the same matter."""
    marks, relations = ",".join("?" * len(ids)), ",".join(f"'{relation}'" for relation in SAME)
    towards = (
        "SELECT l.other FROM entity e JOIN report_link l ON l.entity_no = e.no"
        f" WHERE e.id IN ({marks}) AND l.relation IN ({relations})"
    )
    back = (
        "SELECT e.id FROM report_link l JOIN entity e ON e.no = l.entity_no"
        f" WHERE l.other IN ({marks}) AND l.relation IN ({relations})"
    )
    return (bytes(row[0]) for row in [*db.all(towards, *ids), *db.all(back, *ids)])
