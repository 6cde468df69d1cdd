"""Keep what is being typed before it is a report, so that no power cut, ended session or closed browser loses it.

A draft belongs to one person. It goes for good when its report is recorded; thrown away, it can be had back for a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake_app.actions.making import require_role
from intake_app.node import Actor, Node
from intake_app.store import drafts
from intake_app.store.database import Db
from intake_app.store.drafts import Draft, Typed
from intake_app.store.reports import id_of_source
from sync import permission
from sync.errors import Refused

KEY_SHAPE = re.compile(r"[0-9a-f]{32}")
DRAFTS_MAX = 30  # a person speaks with one caller at a time; thirty open matters are a list nobody reads
DRAFT_CHARACTERS_MAX = 60_000  # all fields of the form at their longest come to some 20,000
OLD_MS = 30 * 24 * 3600 * 1000  # what waits for longer is told: the citizen believes that it was recorded
BACK_MS = 24 * 3600 * 1000  # a thrown-away draft can be had back so long


@dataclass(frozen=True)
class Kept:
    """What became of a saving; `recorded` is the report where the draft has become one already."""

    saved_ms: int
    count: int
    recorded: bytes | None = None


def source_of(key: str) -> str:
    """The source id that a report gets from the draft it was typed in: what makes sending it twice harmless."""
    return f"draft:{key[:60]}"


def keep_draft(node: Node, actor: Actor, key: str, fields: Typed, turn: int | None = None) -> Kept:
    """Keep what a form holds now. Late and repeated savings change nothing; raises Refused where it cannot be kept.

    `turn` counts the savings of one page; without it, as from a page without scripts, this one is the newest.
    """
    require_role(actor, *permission.ROLES["report.recorded"])
    if not KEY_SHAPE.fullmatch(key):
        raise Refused("no_such_draft")
    if (length := sum(len(name) + len(value) for name, value in fields)) > DRAFT_CHARACTERS_MAX:
        raise Refused("draft_too_long", max=DRAFT_CHARACTERS_MAX, length=length)
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        drafts.drop_discarded(db, now - BACK_MS)
        if recorded := id_of_source(db, source_of(key), node.head.office):
            return Kept(now, drafts.count(db, actor.person), recorded)
        before = drafts.find(db, key)
        _check(db, actor, before, turn)
        drafts.save(db, key, actor.person, _turn_after(before, turn), fields, now)
        return Kept(now, drafts.count(db, actor.person))


def _check(db: Db, actor: Actor, before: Draft | None, turn: int | None) -> None:
    if before is not None and before.person != actor.person:
        raise Refused("no_such_draft")
    if before is not None and turn is not None and turn <= before.turn:
        raise Refused("draft_open_elsewhere")
    if before is None and drafts.count(db, actor.person) >= DRAFTS_MAX:
        raise Refused("too_many_drafts", max=DRAFTS_MAX)


def _turn_after(before: Draft | None, turn: int | None) -> int:
    return turn if turn is not None else (before.turn if before else 0) + 1


def own_draft(node: Node, actor: Actor, key: str) -> Draft:
    """A person's own draft; somebody else's is as if it were not there."""
    with node.database.read() as db:
        found = drafts.find(db, key)
    if found is None or found.person != actor.person:
        raise Refused("no_such_draft")
    return found


def discard_draft(node: Node, actor: Actor, key: str) -> None:
    """Throw a draft away; it can be had back for a day."""
    _set_discarded(node, actor, key, node.clock.now_ms())


def take_back(node: Node, actor: Actor, key: str) -> None:
    """Have a thrown-away draft back."""
    _set_discarded(node, actor, key, None)


def _set_discarded(node: Node, actor: Actor, key: str, at_ms: int | None) -> None:
    with node.database.transaction() as db:
        found = drafts.find(db, key)
        if found is None or found.person != actor.person:
            raise Refused("no_such_draft")
        drafts.set_discarded(db, key, at_ms)
