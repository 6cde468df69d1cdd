from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.editions import today
from intake_app.actions.publish_article import publish_article, publish_samples, retire_article
from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store.articles import Article, editions, hints, list_articles, load_article
from intake_app.store.queue import queue_status
from sync.errors import InvalidFields, Refused
from tests.creators import Province, province

CONTENT: dict[str, Any] = {
    "question": "Khẩu trang bán giá cao thì báo ai?", "short": "Báo 1022, giữ hóa đơn.", "source": "Mẫu",
    "valid_from": "2021-12-01", "topics": ["price_fraud"],
}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, "0380", "0381") as found:
        yield found


def publish(made: Province, article: bytes | None = None, seen: int = 0, **changes: Any) -> bytes:
    return publish_article(made.centre, made.actor("1022"), CONTENT | changes, article, seen)


def held(node: Node, article: bytes) -> Article | None:
    with node.database.read() as db:
        return load_article(db, article, today(node))


def hinted(node: Node, words: str, topic: str = "", areas: frozenset[str] | None = None) -> list[str]:
    with node.database.read() as db:
        return [one.state["question"] for one in hints(db, today(node), words, topic, areas)]


def test_an_article_reaches_every_office_with_the_next_exchange(made: Province) -> None:
    article = publish(made)
    made.sync()
    for office in made.offices.values():
        found = held(office, article)
        assert found is not None
        assert (found.state["short"], found.standing) == ("Báo 1022, giữ hóa đơn.", "current")
        assert hinted(office, "ban khau trang gia cao") == [CONTENT["question"]]


def test_a_new_edition_and_a_retirement_follow_it(made: Province) -> None:
    article = publish(made)
    made.sync()
    publish(made, article, 1, short="Báo quản lý thị trường.")
    made.sync("0380")
    found = held(made.offices["0380"], article)
    assert found is not None and found.state["short"] == "Báo quản lý thị trường."
    retire_article(made.centre, made.actor("1022"), article, "Thay thế")
    made.sync("0380")
    assert hinted(made.offices["0380"], "khau trang gia cao") == []


def test_everything_an_office_and_the_centre_keep_of_articles_fits_together(made: Province) -> None:
    article = publish(made)
    publish(made, question="Mất điện thì gọi ai?")
    retire_article(made.centre, made.actor("1022"), article, "Thay thế")
    made.sync()
    for node in (made.centre, *made.offices.values()):
        assert verify_node(node).problems == []
        rebuild_rows(node)
        assert verify_node(node).problems == []
        assert hinted(node, "mat dien") == ["Mất điện thì gọi ai?"]


def test_a_row_that_says_something_else_is_found(made: Province) -> None:
    publish(made)
    with made.centre.database.transaction() as db:
        db.run("UPDATE article SET valid_to = '2021-01-01'")
    assert [each["what"] for each in verify_node(made.centre).problems] == ["article_row_differs"]


def test_who_was_second_is_told_and_overwrites_nothing(made: Province) -> None:
    article = publish(made)
    publish(made, article, 1, short="Của người nhanh hơn.")
    with pytest.raises(Refused, match="edited_meanwhile"):
        publish(made, article, 1, short="Của người chậm hơn.")
    found = held(made.centre, article)
    assert found is not None and found.state["short"] == "Của người nhanh hơn."


def test_the_centre_keeps_every_edition_with_who_published_it(made: Province) -> None:
    article = publish(made)
    publish(made, article, 1, short="Khác")
    retire_article(made.centre, made.actor("1022"), article, "Thay thế")
    found = held(made.centre, article)
    assert found is not None
    with made.centre.database.read() as db:
        kept = editions(db, found.no)
    assert [(one.kind, one.content.get("edition")) for one in kept] == [
        ("article.retired", None), ("article.published", 2), ("article.published", 1),
    ]  # fmt: skip
    assert {one.by for one in kept} == {made.actor("1022").person.hex()}


def test_an_office_publishes_nothing(made: Province) -> None:
    with pytest.raises(Refused, match="centre_only"):
        publish_article(made.offices["0380"], made.actor("0380"), CONTENT)
    assert queue_status_waiting(made) == 0


def queue_status_waiting(made: Province) -> int:
    with made.offices["0380"].database.read() as db:
        return queue_status(db).waiting


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topics": ["weather"]}, "topics"),
        ({"area": "2021:99999"}, "area"),
        ({"valid_to": "2021-11-01"}, "valid_to"),
        ({"short": " "}, "short"),
    ],
)
def test_what_does_not_fit_is_told_by_field(made: Province, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        publish(made, **changes)
    assert list(refused.value.problems) == [field]


def test_what_does_not_hold_today_is_no_hint_and_last_in_the_list(made: Province) -> None:
    publish(made, question="Khẩu trang giá cũ", valid_to="2021-12-02")
    publish(made, question="Khẩu trang giá mai", valid_from="2021-12-30")
    publish(made, question="Khẩu trang giá nay")
    assert hinted(made.centre, "khẩu trang giá") == ["Khẩu trang giá nay"]
    with made.centre.database.read() as db:
        listed = list_articles(db, today(made.centre), "khau trang")
    assert [one.standing for one in listed.articles] == ["current", "coming", "expired"]


def test_an_article_of_another_place_is_no_hint(made: Province) -> None:
    publish(made, area="2021:381")
    assert hinted(made.centre, "khau trang gia cao", areas=frozenset({"2021:38", "2021:380"})) == []
    assert hinted(made.centre, "khau trang gia cao", areas=frozenset({"2021:38", "2021:381"})) == [CONTENT["question"]]


def test_one_common_word_is_no_reason_for_a_hint_but_the_topic_alone_is(made: Province) -> None:
    publish(made)
    assert hinted(made.centre, "nhà tôi bị mất khẩu phần ăn") == []
    assert hinted(made.centre, "", "price_fraud") == [CONTENT["question"]]
    assert [hinted(made.centre, typed) for typed in ("k", "khẩu", "'kh:* | & !")] == [
        [], [CONTENT["question"]], [CONTENT["question"]],
    ]  # fmt: skip


def test_samples_are_published_once_and_marked(made: Province) -> None:
    samples = [{key: value for key, value in CONTENT.items() if key != "valid_from"}]
    actor = made.actor("1022")
    assert [publish_samples(made.centre, actor, samples) for _ in range(2)] == [1, 0]
    with made.centre.database.read() as db:
        listed = list_articles(db, today(made.centre), show="samples")
    assert [one.state["sample"] for one in listed.articles] == [True]
