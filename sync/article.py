"""An article of the answer library: a question, what to say, on which document it rests, where and how long it holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync import edition, limits
from sync.edition import day
from sync.errors import Problem
from sync.event import Event
from sync.outcome import Outcome

KINDS = ("article.published", "article.retired")
TOPICS_MAX = 12  # more topics than the hotline has would mean that it belongs to none
QUESTION_MAX = 200
SHORT_MAX = 600  # what is read aloud in less than a minute
TEXT_MAX = 12_000


def _topics(value: Any) -> Problem | None:
    if not isinstance(value, list) or not 0 < len(value) <= TOPICS_MAX:
        return Problem("required")
    return next((problem for topic in value if (problem := limits.CODE(topic))), None)


FIELDS: Mapping[str, limits.Check] = {
    "question": limits.text(QUESTION_MAX),
    "short": limits.text(SHORT_MAX, multiline=True),
    "text": limits.text(TEXT_MAX, multiline=True),
    "source": limits.text(250),
    "valid_from": day,
    "valid_to": day,
    "area": limits.UNIT,  # left out: the whole province
    "topics": _topics,
    "sample": limits.yes_no,
}
REQUIRED = ("question", "short", "source", "valid_from", "topics")


def check_content(content: Mapping[str, Any]) -> dict[str, Problem]:
    """What does not fit in an article, by field; empty when all is well."""
    return edition.check_fields(content, FIELDS, REQUIRED)


def apply(state: dict[str, Any] | None, event: Event) -> Outcome:
    """Fold one event into an article."""
    return edition.apply(state, event, "question", "no_such_article", check_content)
