"""What may help while somebody is still speaking: who called before, and whether the matter is known already. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from intake_app.clock import from_iso
from intake_app.likeness import percent_alike, share, tokens
from intake_app.node import Node
from intake_app.phone import to_e164
from intake_app.store import alike
from intake_app.store.alike import OF_PHONE_MAX, Candidate
from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, load_numbers

RECENT_MS = 30 * 24 * 3600 * 1000
KNOWN_MS = 365 * 24 * 3600 * 1000  # what is older is another occasion of the same kind
SHOWN_MAX = 5
SIFTED_MAX = 25  # looked at more closely; each costs a matcher run and a decoded state
ALIKE_HERE, ALIKE_ELSEWHERE, ALIKE_SAME_PHONE, ALIKE_SAME_PLACE = 45, 70, 25, 20
SAME_PLACE_SHARE = 0.5
PHONE_DIGITS_MIN, WORDS_MIN = 9, 2
Sees = Callable[[State], bool]


@dataclass(frozen=True)
class Typed:
    """What stands in the form so far."""

    phone: str = ""
    summary: str = ""
    unit: str = ""
    address: str = ""


@dataclass(frozen=True)
class Caller:
    """Somebody who called before."""

    phone: str
    name: str
    calls: int
    more: bool
    last_id: bytes
    last: State
    fills: dict[str, str]


@dataclass(frozen=True)
class Duplicate:
    """A report that may be about the same matter, with the reasons why."""

    id: bytes
    state: State
    alike: int
    same_phone: bool
    same_place: bool
    near: bool  # of the same commune and the last thirty days


def find_caller(node: Node, typed_phone: str, sees: Sees) -> Caller | None:
    """Who called before from this number, in whatever spelling it is typed; None for a number not seen before.

    A report whose reporter is to be kept secret is none of these: a number typed must not tell what its owner reported.
    """
    phone = _number(typed_phone)
    if phone is None:
        return None
    with node.database.read() as db:
        found = [one for one in alike.of_phone(db, phone) if one.seen and sees(one.seen) and not _secret(one.seen)]
    if not found:
        return None
    fills: dict[str, str] = {}
    for one in found:
        fills = {**_fills(one.seen or {}), **fills}
    last = found[0].seen or {}
    return Caller(phone, fills.get("name", ""), len(found), len(found) >= OF_PHONE_MAX, found[0].id, last, fills)


def _secret(state: State) -> bool:
    return bool(state.get("confidential"))


def _fills(state: State) -> dict[str, str]:
    """What a form may be filled with: nothing that only a procedure needs, such as an identity number."""
    reporter = state.get("reporter", {})
    values = {key: reporter.get(key) for key in ("name", "home_address", "home_unit", "email", "social")}
    values |= {key: state.get(key) for key in ("reply_by", "language")}
    if state.get("anonymous"):
        values["name"] = None
    return {key: str(value) for key, value in values.items() if value}


def _number(typed: str) -> str | None:
    return to_e164(typed) if sum(char.isdigit() for char in typed) >= PHONE_DIGITS_MIN else None


def find_duplicates(node: Node, typed: Typed, sees: Sees) -> list[Duplicate]:
    """Reports that may be about the same matter: the same commune and thirty days first, then the most alike."""
    if len(typed.summary.split()) < WORDS_MIN:
        return []
    now = node.clock.now_ms()
    phone = _number(typed.phone)
    with node.database.read() as db:
        candidates = _candidates(node, db, typed, now)
        own = {one.no for one in alike.of_phone(db, phone)} if phone else set()
        entities = load_numbers(db, _sift(candidates, typed, own))
    here = _same_communes(node, typed.unit)
    judged = [_judge(one, typed, here, phone, now) for one in entities.values() if one.seen and sees(one.seen)]
    found = [each for each in judged if each is not None]
    return sorted(found, key=lambda each: (not each.near, -each.alike))[:SHOWN_MAX]


def _same_communes(node: Node, unit: str) -> list[str]:
    return [unit, *node.directory.counterparts(unit)] if unit else []


def _candidates(node: Node, db: Db, typed: Typed, now: int) -> list[Candidate]:
    communes = _same_communes(node, typed.unit)
    near = alike.of_communes(db, communes, now - RECENT_MS)
    known = {one.no for one in near}
    far = alike.elsewhere(db, typed.summary, now - KNOWN_MS)
    return near + [one for one in far if one.no not in known]


def _sift(candidates: Iterable[Candidate], typed: Typed, own: set[int]) -> list[int]:
    """The numbers of those with the most words in common; a report of the same caller is always looked at."""
    words = tokens(typed.summary)
    ranked = sorted(((share(words, tokens(one.summary)), one.no) for one in candidates), reverse=True)
    best = [no for common, no in ranked[:SIFTED_MAX] if common > 0]
    return list(dict.fromkeys([*sorted(own, reverse=True)[:SHOWN_MAX], *best]))


def _judge(one: Entity, typed: Typed, here: list[str], phone: str | None, now: int) -> Duplicate | None:
    state: dict[str, Any] = one.seen or {}
    same_phone = phone is not None and not _secret(state) and state.get("reporter", {}).get("phone") == phone
    in_commune = state["unit"] in here
    places = share(tokens(typed.address), tokens(state.get("address", "")))
    same_place = in_commune and places >= SAME_PLACE_SHARE
    age = now - from_iso(state["received_at"])
    near = in_commune and age <= RECENT_MS
    needed = min(
        ALIKE_HERE if near else ALIKE_ELSEWHERE,
        ALIKE_SAME_PHONE if same_phone and age <= RECENT_MS else 100,
        ALIKE_SAME_PLACE if same_place else 100,
    )
    percent = 0 if age > KNOWN_MS else percent_alike(typed.summary, state["summary"], needed)
    if percent < needed:
        return None
    return Duplicate(one.id, state, percent, same_phone, same_place, near)
