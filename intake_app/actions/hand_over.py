"""Hand a shift over: what it received and what it leaves, given by one person and taken by another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from intake_app.actions.accounts import sign_in
from intake_app.actions.making import make_event, require_role, write_one
from intake_app.clock import from_iso, iso
from intake_app.node import Actor, Node
from intake_app.store import callbacks, drafts, idle_calls, shifts
from intake_app.store.database import Db
from intake_app.store.queue import queue_status
from sync import permission, shift
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text

DAY_MS = 24 * 3600 * 1000
GIVERS = permission.ROLES[shift.HANDED_OVER]


@dataclass(frozen=True)
class Taking:
    """Who takes the shift: an account that confirms with its password, or a name that signs on the paper."""

    username: str = ""
    password: str = ""
    name: str = ""
    address: str = ""  # where it was typed: guessing is slowed by it


def shift_so_far(node: Node, db: Db) -> dict[str, Any]:
    """What has come since the last hand-over at this computer, or since midnight if there was none, and what waits."""
    # To the second, as it is written: what comes in the rest of this second belongs to the next shift.
    now, office = node.clock.now_ms() // 1000 * 1000, node.head.office
    since = since_ms(node, db, now)
    came = shifts.received(db, office, since, now)
    urgent, queue = shifts.urgent_codes(db, office), queue_status(db)
    return {
        "office": office,
        "since": iso(since),
        "until": iso(now),
        "channels": _summed((channel, n) for channel, _, n in came),
        "outcomes": _summed((_outcome(status), n) for _, status, n in came),
        "idle_calls": idle_calls.between(db, since, now),
        "unsent": queue.waiting,
        "oldest_unsent": iso(queue.oldest_ms) if queue.oldest_ms else None,
        "urgent": len(urgent),
        "urgent_codes": urgent[: shift.CODES_MAX],
        "drafts": drafts.count_all(db),
        "conflicts": queue.conflicts,
        "refused": queue.refused,
        "call_backs": callbacks.count_due(db, node.clock.now_ms(), office),
    }


def since_ms(node: Node, db: Db, now_ms: int) -> int:
    """When the present shift began."""
    last = shifts.last_here(db, node.head.node.hex())
    midnight = from_iso(iso(now_ms)[:10] + "T00:00:00")
    return from_iso(last.state["until"]) if last else midnight


def _summed(pairs: Any) -> dict[str, int]:
    found: Counter[str] = Counter()
    for key, number in pairs:
        found[key] += number
    return dict(found)


def _outcome(status: str) -> str:
    return status if status in ("answered_on_spot", "guided") else "to_handle"


def hand_over(node: Node, actor: Actor, taking: Taking, *, since: str, note: str = "") -> bytes:
    """Write the hand-over down and give its id. `since` is what the giver saw: sent twice it is one hand-over."""
    require_role(actor, *GIVERS)
    with node.database.read() as db:
        if known := _given_before(db, node, actor, since):
            return known
    people = _people(node, actor, taking)
    with node.database.transaction() as db:
        if known := _given_before(db, node, actor, since):
            return known
        found = shift_so_far(node, db) | people | {"note": clean_text(note, multiline=True)}
        event = make_event(node, actor, shift.HANDED_OVER, None, {key: value for key, value in found.items() if value})
        write_one(node, db, event)
    return event.id


def _given_before(db: Db, node: Node, actor: Actor, since: str) -> bytes | None:
    """The hand-over that this form has made already; refuses where somebody else has handed this shift over meanwhile."""
    last = shifts.last_here(db, node.head.node.hex())
    if last is None or last.state["until"] <= since:
        return None
    if last.state["giver"] == actor.person.hex() and last.state["since"] == since:
        return last.id
    raise Refused("already_handed_over", time=last.state["until"])


def _people(node: Node, actor: Actor, taking: Taking) -> dict[str, str]:
    if not taking.password:
        name = clean_text(taking.name, multiline=False)
        if not name:
            raise InvalidFields({"receiver_name": Problem("required")})
        return {"receiver_name": name, "signed": "paper"}
    if taking.username == actor.username:
        raise InvalidFields({"receiver": Problem("same_person")})
    taker = sign_in(node, taking.username, taking.password, taking.address)
    return {"receiver": taker.person.hex(), "receiver_name": taker.name, "signed": "password"}
