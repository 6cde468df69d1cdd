"""The answer library at the centre: publish an article or a new edition of one, retire it, load the samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from intake_app.actions.editions import (
    Series,
    clean_words,
    publish_edition,
    publish_missing,
    retire_edition,
    today,
    unknown_topics,
)
from intake_app.node import Actor, Node
from intake_app.store import articles
from intake_app.store.database import Db
from sync import article, permission
from sync.errors import InvalidFields, Problem
from sync.fold import fold

EDITORS = permission.ROLES["article.published"]
MULTILINE = frozenset({"short", "text"})


def publish_article(
    node: Node, actor: Actor, content: Mapping[str, Any], article_id: bytes | None = None, seen_edition: int = 0
) -> bytes:
    """Publish an article, or the next edition of one that was seen at `seen_edition`; returns its id.

    Raises InvalidFields, and Refused("edited_meanwhile") where somebody was faster.
    """
    return publish_edition(node, actor, _ARTICLES, content, article_id, seen_edition)


def retire_article(node: Node, actor: Actor, article_id: bytes, reason: str = "") -> None:
    """Retire an article: nobody is offered it any more, and every computer hears of it."""
    retire_edition(node, actor, _ARTICLES, article_id, reason)


def publish_samples(node: Node, actor: Actor, samples: Iterable[Mapping[str, Any]]) -> int:
    """Publish the samples that are not there yet, each marked as one that has to be checked; returns how many."""

    def missing(db: Db) -> list[Mapping[str, Any]]:
        cleaned = [check_article(node, {"valid_from": today(node), **sample, "sample": True}) for sample in samples]
        known = articles.questions(db)
        return [each for each in cleaned if fold(each["question"]) not in known]

    return publish_missing(node, actor, _ARTICLES, missing)


def check_article(node: Node, content: Mapping[str, Any]) -> dict[str, Any]:
    """An article as it is kept; raises InvalidFields where it would not be taken."""
    cleaned = clean_words(content, MULTILINE)
    problems = article.check_content(cleaned) | unknown_topics(node, cleaned)
    if cleaned.get("area") and node.directory.unit(cleaned["area"]) is None:
        problems["area"] = Problem("unknown_unit")
    if problems:
        raise InvalidFields(problems)
    return cleaned


_ARTICLES = Series("article", article.FIELDS, EDITORS, "no_such_article", check_article)
