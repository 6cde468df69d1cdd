"""Which article of the answer library a report was answered with on the spot, as the library stands today."""

from __future__ import annotations

from typing import Any, NamedTuple

from intake_app.store.articles import Article, load_article
from intake_app.store.database import Db


class Used(NamedTuple):
    """What is known of the article: None where this computer does not hold it; `renewed` by an edition after the answer."""

    article: Article | None
    renewed: bool


def used_article(db: Db, state: dict[str, Any], today: str) -> Used | None:
    """The article behind an answer; None where the officer said it in words of their own."""
    answer = state.get("answer", {})
    if not answer.get("article"):
        return None
    found = load_article(db, bytes.fromhex(answer["article"]), today)
    return Used(found, found is not None and found.state["at"] > answer["at"])
