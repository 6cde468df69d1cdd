"""Keep the line at the counter: somebody comes, is called, is done."""

from __future__ import annotations

from intake_app.actions.making import require_role
from intake_app.clock import iso
from intake_app.node import Actor, Node
from intake_app.store import waiting
from sync import permission
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text

WORDS_MAX = 60  # a few words to know somebody by: the green jacket, land papers
RECORDERS = permission.ROLES["report.recorded"]


def join_line(node: Node, actor: Actor, words: str, key: str) -> int:
    """Give somebody the next number of today."""
    require_role(actor, *RECORDERS)
    words = clean_text(words, multiline=False)
    if len(words) > WORDS_MAX:
        raise InvalidFields({"words": Problem("too_long", {"max": WORDS_MAX})})
    with node.database.transaction() as db:
        now = node.clock.now_ms()
        day = iso(now)[:10]
        waiting.forget_before(db, day)
        return waiting.add(db, day, words, key, now)


def call_next(node: Node, actor: Actor, number: int) -> None:
    """Call somebody; whom a colleague has called stays with that colleague."""
    require_role(actor, *RECORDERS)
    with node.database.transaction() as db:
        now = node.clock.now_ms()
        if not waiting.call(db, iso(now)[:10], number, actor.person, now):
            raise Refused("no_such_number", number=number)


def leave_line(node: Node, actor: Actor, number: int) -> None:
    """Somebody is done, or has gone without being seen."""
    require_role(actor, *RECORDERS)
    with node.database.transaction() as db:
        now = node.clock.now_ms()
        if not waiting.finish(db, iso(now)[:10], number, now):
            raise Refused("no_such_number", number=number)
