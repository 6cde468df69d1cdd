"""What a report's page says of its way through dispatch: in whose hands it is, how often it came back, what the public reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake_app.actions.claim_report import CLAIMANTS
from intake_app.actions.share_answer import has_answer
from intake_app.auth import current_actor
from intake_app.desk.at_hand import sight, the_node
from intake_app.store.claims import claim_of, seen_of
from intake_app.store.database import Db
from intake_app.store.reports import Report
from sync.publicity import as_read, is_public
from sync.returns import RETURNS_MAX, returns_of
from sync.workflow import OPEN, STEPS


def dispatching(db: Db, report: Report) -> dict[str, Any]:
    """What the piece `desk/_dispatching.html` shows."""
    state, actor = report.state, current_actor()
    urgent = state.get("urgency", "normal") != "normal"
    return {
        "claim": claim_of(db, report.id, the_node().clock.now_ms()),
        "may_claim": bool(CLAIMANTS & actor.roles) and state["status"] in OPEN,
        "seen_by": seen_of(db, report.id) if urgent else None,
        "returns": returns_of(state),
        "returns_max": RETURNS_MAX,
        "public": as_read(state, state["publicity"]) if is_public(state) else None,
        "may_share": _may_share(state),
    }


def _may_share(state: Mapping[str, Any]) -> bool:
    """Whether this person may give the answer to linked reports: at the centre, to whoever sees them all."""
    may = bool(STEPS["share"].roles & current_actor().roles)
    return may and the_node().is_central and sight() is None and has_answer(state)
