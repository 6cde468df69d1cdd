"""Count what is printed about a report, so that a second copy says that it is one; a secret identity on it is noted first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake_app.actions.making import require_role
from intake_app.node import Actor, Node
from intake_app.store import audits, prints
from intake_app.store.prints import Print
from sync import permission
from sync.errors import Refused

PAPERS = ("receipt", "transfer", "guidance", "reply")
NEEDS = {"transfer": "lead_agency", "guidance": "procedure", "reply": "answer"}
REVEALING = frozenset({"transfer", "guidance", "reply"})  # the receipt is carried about, and nobody needs a name on it
FRESH_MS = 10 * 60 * 1000  # a jammed printer is tried again within this time, and it is still the same copy


def papers_of(state: Mapping[str, Any]) -> list[str]:
    """The papers that can be printed about a report as it is now."""
    return [paper for paper in PAPERS if paper not in NEEDS or state.get(NEEDS[paper])]


def require_paper(state: Mapping[str, Any], paper: str) -> None:
    """Refuse a paper for which the report does not hold yet what it has to say."""
    if paper not in papers_of(state):
        raise Refused("paper_not_ready", paper=paper)


def print_paper(
    node: Node, actor: Actor, report_id: bytes, state: Mapping[str, Any], paper: str, key: str, reveal: bool = False
) -> int:
    """Count one more copy and give its number; the same key again gives the copy of the first time.

    `reveal` puts the identity on a paper although it is to be kept secret, and writes down who did that.
    """
    require_role(actor, *permission.WORKING)
    require_paper(state, paper)
    revealing = reveal and paper in REVEALING and bool(state.get("confidential") and state.get("reporter"))
    with node.database.transaction() as db:
        if known := prints.by_key(db, key):
            return known
        now, copy = node.clock.now_ms(), len(prints.prints_of(db, report_id, paper)) + 1
        if revealing:
            audits.note(
                db, now, actor.person, "audit.revealed", report_id.hex(),
                fields=sorted(state["reporter"]), paper=paper, copy=copy,
            )  # fmt: skip
        prints.add(db, report_id, paper, Print(copy, now, actor.person, revealing), key)
    return copy


def is_fresh(made: Print, latest: int, person: bytes, now_ms: int) -> bool:
    """Whether a copy may still come out of the printer as what it is: it is the last one, a moment old, and this person's."""
    return made.copy == latest and made.person == person and 0 <= now_ms - made.at_ms < FRESH_MS
