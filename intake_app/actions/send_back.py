"""The centre sends a report back to the office that recorded it, and the office settles that: two events, no status moves."""

from __future__ import annotations

from intake_app.actions.making import make_event, require_role, the_entity, write_one
from intake_app.node import Actor, Node
from sync import limits, permission
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.outcome import Outcome
from sync.queries import amended_since


def send_back(node: Node, actor: Actor, report_id: bytes, reason: str) -> Outcome:
    """Ask the office that recorded a report to look at it again. Raises Refused, InvalidFields."""
    require_role(actor, *permission.ROLES["report.queried"])
    if not node.is_central:
        raise Refused("centre_sends_back")
    why = _words(reason, "reason", needed=True)
    with node.database.transaction() as db:
        the_entity(db, report_id)
        return write_one(node, db, make_event(node, actor, "report.queried", report_id, {"reason": why}))


def settle_query(node: Node, actor: Actor, report_id: bytes, query: str, how: str, text: str = "") -> Outcome:
    """Tell the centre that a query is settled: the report was amended, explained in a word, or there is nothing to do.

    Raises Refused("no_such_query") also where somebody has settled it, and Refused("not_amended") where that is said of a
    report nobody has changed since.
    """
    require_role(actor, *permission.ROLES["report.query_settled"])
    said = _words(text, "text", needed=how != "amended")
    with node.database.transaction() as db:
        state = the_entity(db, report_id).seen or {}
        found = next((one for one in state.get("queries", ()) if one["id"] == query), None)
        if found is None or "settled" in found:
            raise Refused("no_such_query")
        if how == "amended" and not amended_since(state, query):
            raise Refused("not_amended")
        opened = {"query": query, "how": how} | ({"text": said} if said else {})
        return write_one(node, db, make_event(node, actor, "report.query_settled", report_id, opened))


def _words(text: str, field: str, needed: bool) -> str:
    cleaned = clean_text(text or "", multiline=True)
    if needed and not cleaned:
        raise InvalidFields({field: Problem("required")})
    if len(cleaned) > limits.TEXT_MAX:
        raise InvalidFields({field: Problem("too_long", {"max": limits.TEXT_MAX})})
    return cleaned
