"""Take a report in hand, let go of it, take it over from a colleague; all of it at this machine only, and for a while."""

from __future__ import annotations

from intake_app.actions.making import require_role, the_entity
from intake_app.clock import iso
from intake_app.node import Actor, Node
from intake_app.store import audits, claims
from intake_app.store.claims import Claim
from intake_app.store.database import Db
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.workflow import APPROVER, DISPATCHER, HANDLER

CLAIMANTS = DISPATCHER | HANDLER | APPROVER
NOTE_MAX = 500
# After these somebody else is to act: whoever took the step has done with the report.
KEEPS = frozenset({"verify", "ask", "supply", "accept", "reopen"})


def claim_report(node: Node, actor: Actor, report_id: bytes) -> Claim:
    """Take a report in hand, or keep it for longer; raises Refused("claimed") where a colleague has it."""
    require_role(actor, *CLAIMANTS)
    with node.database.transaction() as db:
        the_entity(db, report_id)
        now = node.clock.now_ms()
        refuse_if_claimed(db, actor, report_id, now)
        known = claims.claim_of(db, report_id, now)
        since = known.since_ms if known else now
        made = Claim(actor.person, actor.name, since, now + minutes_ms(node), "", "")
        claims.forget_old(db, now)
        claims.put(db, report_id, made)
    return made


def release_report(node: Node, actor: Actor, report_id: bytes) -> None:
    """Let go of a report that is in one's own hands; what nobody holds is let go already."""
    with node.database.transaction() as db:
        refuse_if_claimed(db, actor, report_id, node.clock.now_ms())
        claims.release(db, report_id)


def take_over(node: Node, actor: Actor, report_id: bytes, note: str) -> None:
    """Take a report out of a colleague's hands, with a note that the colleague finds on its page; it is audited."""
    require_role(actor, *CLAIMANTS)
    cleaned = clean_text(note or "", multiline=False)
    if not cleaned or len(cleaned) > NOTE_MAX:
        raise InvalidFields({"note": Problem("too_long", {"max": NOTE_MAX}) if cleaned else Problem("required")})
    with node.database.transaction() as db:
        the_entity(db, report_id)
        now = node.clock.now_ms()
        known = claims.claim_of(db, report_id, now)
        before = known.name if known and known.person != actor.person else ""
        claims.put(db, report_id, Claim(actor.person, actor.name, now, now + minutes_ms(node), before, cleaned))
        audits.note(db, now, actor.person, "claim.taken_over", report_id.hex(), taken_from=before, note=cleaned)


def refuse_if_claimed(db: Db, actor: Actor, report_id: bytes, now_ms: int) -> None:
    """Raise Refused where a colleague has the report in hand."""
    held = claims.claim_of(db, report_id, now_ms)
    if held is not None and held.person != actor.person:
        raise Refused("claimed", name=held.name, since=shown_time(held.since_ms), until=shown_time(held.until_ms))


def shown_time(at_ms: int) -> str:
    """The hour and minute on the province's clock."""
    return iso(at_ms)[11:16]


def minutes_ms(node: Node) -> int:
    """How long a claim lasts at this node."""
    return node.settings.claim_minutes * 60_000
