"""Keep what is half typed about a report that is there already: changes, notes, steps. The browser keeps nothing of it.

It is one person's, by the address of the form, and goes when the form is sent, thrown away, or left alone for a week.
"""

from __future__ import annotations

import re

from intake_app.actions.keep_draft import DRAFT_CHARACTERS_MAX
from intake_app.node import Actor, Node
from intake_app.store import half_typed
from intake_app.store.drafts import Typed
from sync.errors import Refused

PAGE_SHAPE = re.compile(r"/[A-Za-z0-9/_-]{1,200}")
KEEP_MS = 7 * 24 * 3600 * 1000  # a note that was not sent for a week says what has long been overtaken
PAGES_MAX = 40  # open at once by one person; the oldest go


def keep_half_typed(node: Node, actor: Actor, page: str, fields: Typed) -> int:
    """Keep what a form holds now; gives when. Raises Refused where it cannot be kept."""
    if not PAGE_SHAPE.fullmatch(page):
        raise Refused("no_such_draft")
    if (length := sum(len(name) + len(value) for name, value in fields)) > DRAFT_CHARACTERS_MAX:
        raise Refused("draft_too_long", max=DRAFT_CHARACTERS_MAX, length=length)
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        half_typed.drop_before(db, now - KEEP_MS)
        half_typed.save(db, actor.person, page, fields, now)
        half_typed.drop_beyond(db, actor.person, PAGES_MAX)
    return now


def forget_half_typed(node: Node, actor: Actor, page: str) -> None:
    """Forget what was typed in a form: it was sent, or thrown away."""
    with node.database.transaction() as db:
        half_typed.drop(db, actor.person, page)
