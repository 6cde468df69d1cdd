from __future__ import annotations

from typing import Any

import pytest

from sync.edition import standing
from sync.event import Event
from sync.ingest import judge
from sync.outcome import Outcome
from sync.permission import Computer, Person, Writer, writer_of
from sync.routing import ALL, Places, scopes_of
from tests.sync.test_routing import PLACES

CONTENT: dict[str, Any] = {
    "question": "Mất điện thì gọi ai?", "short": "Gọi điện lực.", "source": "Mẫu", "valid_from": "2021-12-01",
    "topics": ["other_directed"],
}  # fmt: skip
NODE, PERSON, ARTICLE = b"\1" * 16, b"\2" * 16, b"\3" * 16


def event(kind: str = "article.published", **opened: Any) -> Event:
    return Event(b"\4" * 16, kind, 1, ARTICLE, PERSON, 5, b"boot", 0, opened, {})


def published(state: dict[str, Any] | None = None, edition: int = 1, **changes: Any) -> Outcome:
    return judge(state, event(**CONTENT | {"edition": edition} | changes), NODE)


def writer(*roles: str, central: bool = True) -> Writer:
    person = Person(frozenset(roles), "1022", "", False)
    return writer_of(person, Computer("1022", "", central, frozenset(), Places(lambda code: frozenset())))


def test_an_edition_replaces_the_one_before_as_a_whole() -> None:
    first = published(valid_to="2021-12-31").state
    second = published(first, 2, question="Mất nước thì gọi ai?").state
    assert second is not None
    assert (second["edition"], second["question"], "valid_to" in second) == (2, "Mất nước thì gọi ai?", False)


@pytest.mark.parametrize("edition", [1, 3])
def test_an_edition_that_does_not_follow_the_present_one_is_denied(edition: int) -> None:
    first = published().state
    outcome = published(first, edition)
    assert (outcome.verdict, outcome.code, outcome.state) == ("denied", "edited_meanwhile", first)


def test_a_retired_article_comes_back_with_a_new_edition() -> None:
    retired = judge(published().state, event("article.retired", reason="Thay thế"), NODE).state
    assert retired is not None
    assert retired["retired"]["reason"] == "Thay thế"
    assert judge(retired, event("article.retired", reason="Nữa"), NODE).verdict == "merged"
    assert "retired" not in (published(retired, 2).state or {"retired": 1})


@pytest.mark.parametrize(
    "changes",
    [
        {"question": ""}, {"short": 5}, {"topics": []}, {"topics": ["x y"]}, {"valid_from": "2021-13-01"}, {"source": ""},
        {"valid_to": "2021-11-30"}, {"area": "Thanh Hóa"}, {"colour": "red"}, {"sample": "yes"}, {"edition": True},
    ],
)  # fmt: skip
def test_what_is_no_article_is_set_apart(changes: dict[str, Any]) -> None:
    assert published(**changes).verdict == "quarantined"


def test_retiring_what_was_never_published_is_set_apart() -> None:
    assert judge(None, event("article.retired", reason="x"), NODE).code == "no_such_article"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (writer("dispatcher"), ""),
        (writer("administrator"), ""),
        (writer("operator"), "role_missing"),
        (writer("administrator", central=False), "centre_only"),
    ],
)
def test_only_the_centres_dispatchers_and_administrators_publish(who: Writer, code: str) -> None:
    outcome = judge(None, event(**CONTENT | {"edition": 1}), NODE, writer=who)
    assert (outcome.verdict == "denied", outcome.code) == (bool(code), code)


def test_reports_people_and_articles_are_not_taken_for_each_other() -> None:
    article, person = published().state, {"name": "Bình", "active": True}
    assert judge(person, event(**CONTENT | {"edition": 1}), NODE).verdict == "quarantined"
    assert judge(article, event("person.ended"), NODE).verdict == "quarantined"
    assert judge(article, event("report.noted", text="x", internal=True), NODE).verdict == "quarantined"


def test_every_node_holds_every_article() -> None:
    assert scopes_of("article", CONTENT, PLACES) == {ALL}


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2021-11-30", "coming"), ("2021-12-01", "current"), ("2021-12-31", "current"), ("2022-01-01", "expired")],
)
def test_the_first_and_the_last_day_still_count(day: str, expected: str) -> None:
    assert standing(CONTENT | {"valid_to": "2021-12-31"}, day) == expected
