"""What the centre publishes in editions: publish one or the next of it, retire it, and what is shipped and not there yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from intake_app.actions.making import make_event, require_role, write_one
from intake_app.clock import iso
from intake_app.node import Actor, Node
from intake_app.store import journal
from intake_app.store.database import Db
from intake_app.store.entities import Entity, load_entities
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text

Content = Mapping[str, Any]


class Series(NamedTuple):
    """One type of what is published: its fields, who writes it, how its content is checked, and what is said of it."""

    type: str
    fields: Collection[str]
    editors: frozenset[str]
    missing: str  # the refusal where there is none of an id
    clean: Callable[[Node, Content], dict[str, Any]]  # raises InvalidFields
    id_of: Callable[[Content], bytes] | None = None  # where the id follows from the content
    after: Callable[[Node, Db, Actor, Content], None] | None = None  # what else follows from a publication, with it


def today(node: Node) -> str:
    """The day on the province's calendar, as validity dates spell it."""
    return iso(node.clock.now_ms())[:10]


def publish_edition(
    node: Node, actor: Actor, series: Series, content: Content, known: bytes | None = None, seen_edition: int = 0
) -> bytes:
    """Publish something new, or the next edition of what was seen at `seen_edition`; returns its id.

    Raises InvalidFields, and Refused where somebody was faster or nothing was changed.
    """
    may_publish(node, actor, series)
    cleaned = series.clean(node, content)
    with node.database.transaction() as db:
        if known is not None:
            state = _the_one(db, known, series).seen or {}
            if state["edition"] != seen_edition:
                raise Refused("edited_meanwhile", edition=state["edition"])
            if not state.get("retired") and all(state.get(key) == cleaned.get(key) for key in series.fields):
                raise Refused("nothing_changed")
        return _publish(node, db, actor, series, cleaned | {"edition": seen_edition + 1}, known)


def retire_edition(node: Node, actor: Actor, series: Series, known: bytes, reason: str = "") -> None:
    """Retire what is published, with a reason: it counts no more, and every computer hears of it."""
    may_publish(node, actor, series)
    cleaned = clean_text(reason, multiline=False)
    if not cleaned:
        raise InvalidFields({"reason": Problem("required")})
    with node.database.transaction() as db:
        if (_the_one(db, known, series).seen or {}).get("retired"):
            raise Refused("nothing_changed")
        write_one(node, db, make_event(node, actor, f"{series.type}.retired", known, {"reason": cleaned}))


def publish_missing(node: Node, actor: Actor, series: Series, missing: Callable[[Db], Iterable[Content]]) -> int:
    """Publish the first edition of whatever is found not to be there yet; returns how many that were."""
    may_publish(node, actor, series)
    with node.database.transaction() as db:
        journal.hold(db)
        found = list(missing(db))
        for each in found:
            _publish(node, db, actor, series, {**each, "edition": 1}, None)
    return len(found)


def clean_words(content: Content, multiline: Collection[str] = ()) -> dict[str, Any]:
    """A content with its texts as they are kept; what says nothing is left out."""
    cleaned: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, str):
            value = clean_text(value, multiline=name in multiline)
        if value not in (None, "", [], False):
            cleaned[name] = value
    return cleaned


def unknown_topics(node: Node, content: Content) -> dict[str, Problem]:
    """The problem with topics that the hotline does not have, if any is among those of a content."""
    unknown = set(content.get("topics", ())) - set(node.directory.topics)
    if not unknown:
        return {}
    return {"topics": Problem("not_in_set", {"allowed": ", ".join(node.directory.topics), "value": sorted(unknown)})}


def may_publish(node: Node, actor: Actor, series: Series) -> None:
    """Refuse whoever does not write what is published of this type, and every computer but the centre's."""
    require_role(actor, *series.editors)
    if not node.is_central:
        raise Refused("centre_only")


def _publish(node: Node, db: Db, actor: Actor, series: Series, opened: Content, known: bytes | None) -> bytes:
    named = known or (series.id_of(opened) if series.id_of else None)
    event = make_event(node, actor, f"{series.type}.published", named, opened)
    write_one(node, db, event)
    if series.after is not None:
        series.after(node, db, actor, opened)
    return event.entity


def _the_one(db: Db, known: bytes, series: Series) -> Entity:
    journal.hold(db)
    found = load_entities(db, [known], hold=True).get(known)
    if found is None or found.type != series.type or found.seen is None:
        raise Refused(series.missing)
    return found
