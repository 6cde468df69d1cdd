"""The answer library at the centre: publish an article or a new edition of one, retire it, load the samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from intake_app.actions.making import make_event, require_role, write_one
from intake_app.clock import iso
from intake_app.node import Actor, Node
from intake_app.store import articles, journal
from intake_app.store.database import Db
from intake_app.store.entities import Entity, load_entities
from sync import article, permission
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text, fold

EDITORS = permission.ROLES["article.published"]
MULTILINE = frozenset({"short", "text"})


def today(node: Node) -> str:
    """The day on the province's calendar, as articles spell it."""
    return iso(node.clock.now_ms())[:10]


def publish_article(
    node: Node, actor: Actor, content: Mapping[str, Any], article_id: bytes | None = None, seen_edition: int = 0
) -> bytes:
    """Publish an article, or the next edition of one that was seen at `seen_edition`; returns its id.

    Raises InvalidFields, and Refused("edited_meanwhile") where somebody was faster.
    """
    _may(node, actor)
    cleaned = _cleaned(node, content)
    with node.database.transaction() as db:
        if article_id is not None:
            known = _the_article(db, article_id).seen or {}
            if known["edition"] != seen_edition:
                raise Refused("edited_meanwhile", edition=known["edition"])
            if not known.get("retired") and all(known.get(key) == cleaned.get(key) for key in article.FIELDS):
                raise Refused("nothing_changed")
        return _publish(node, db, actor, cleaned | {"edition": seen_edition + 1}, article_id)


def _publish(node: Node, db: Db, actor: Actor, opened: Mapping[str, Any], article_id: bytes | None) -> bytes:
    event = make_event(node, actor, "article.published", article_id, opened)
    write_one(node, db, event)
    return event.entity


def retire_article(node: Node, actor: Actor, article_id: bytes, reason: str = "") -> None:
    """Retire an article: nobody is offered it any more, and every computer hears of it."""
    _may(node, actor)
    cleaned = clean_text(reason, multiline=False)
    if not cleaned:
        raise InvalidFields({"reason": Problem("required")})
    with node.database.transaction() as db:
        if (_the_article(db, article_id).seen or {}).get("retired"):
            raise Refused("nothing_changed")
        write_one(node, db, make_event(node, actor, "article.retired", article_id, {"reason": cleaned}))


def publish_samples(node: Node, actor: Actor, samples: Iterable[Mapping[str, Any]]) -> int:
    """Publish the samples that are not there yet, each marked as one that has to be checked; returns how many."""
    _may(node, actor)
    cleaned = [_cleaned(node, {"valid_from": today(node), **sample, "sample": True}) for sample in samples]
    with node.database.transaction() as db:
        journal.hold(db)
        known = articles.questions(db)
        missing = [each for each in cleaned if fold(each["question"]) not in known]
        for each in missing:
            _publish(node, db, actor, each | {"edition": 1}, None)
    return len(missing)


def check_article(node: Node, content: Mapping[str, Any]) -> None:
    """Raise InvalidFields where an article of this content would not be taken."""
    _cleaned(node, content)


def _may(node: Node, actor: Actor) -> None:
    require_role(actor, *EDITORS)
    if not node.is_central:
        raise Refused("centre_only")


def _cleaned(node: Node, content: Mapping[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, str):
            value = clean_text(value, multiline=name in MULTILINE)
        if value not in (None, "", [], False):
            cleaned[name] = value
    problems = article.check_content(cleaned)
    if unknown := set(cleaned.get("topics", ())) - set(node.directory.topics):
        problems["topics"] = Problem(
            "not_in_set", {"allowed": ", ".join(node.directory.topics), "value": sorted(unknown)}
        )
    if cleaned.get("area") and node.directory.unit(cleaned["area"]) is None:
        problems["area"] = Problem("unknown_unit")
    if problems:
        raise InvalidFields(problems)
    return cleaned


def _the_article(db: Db, article_id: bytes) -> Entity:
    journal.hold(db)
    found = load_entities(db, [article_id], hold=True).get(article_id)
    if found is None or found.type != "article" or found.seen is None:
        raise Refused("no_such_article")
    return found
