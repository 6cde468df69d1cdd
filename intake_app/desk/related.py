"""The reports that a report is linked to, as its page shows them."""

from __future__ import annotations

from typing import Any

from intake_app.desk.at_hand import sight, the_node
from intake_app.store import alike
from intake_app.store.reports import ReportRow


def related(state: dict[str, Any]) -> list[tuple[str, ReportRow | None]]:
    """Each link's relation with the other report; None for one that is not on this computer, or not this person's to see."""
    links = state.get("links", ())
    agency = sight()
    with the_node().database.read() as db:
        rows = {row.id.hex(): row for row in alike.rows(db, [bytes.fromhex(each["other"]) for each in links])}
    seen = {key: row for key, row in rows.items() if agency is None or row.lead_agency == agency}
    relations = {each["other"]: each["relation"] for each in links}
    return [(relation, seen.get(other)) for other, relation in relations.items()]
