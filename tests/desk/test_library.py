"""The answer library at an office: found with and without accents, with its source and how long it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intake_app.actions.making import make_event
from intake_app.actions.record_report import record_report
from intake_app.node import Actor, Node
from intake_app.store.articles import save_articles
from intake_app.store.entities import add_entities, load_entities, save_entities
from sync.ingest import judge
from tests.creators import somebody
from tests.desk.conftest import DeskClock
from tests.pages import Browser

Publish = Callable[..., str]


@pytest.fixture
def publish(node: Node) -> Publish:
    """Lets an article arrive from the centre; gives its id."""

    def arrive(**changes: Any) -> str:
        content = {
            "edition": 1, "question": "Khẩu trang giá cao thì báo ai?", "short": "Báo 1022 & giữ hóa đơn.", "source": "Mẫu 1",
            "valid_from": "2021-12-01", "topics": ["price_fraud"],
        }  # fmt: skip
        known = bytes.fromhex(changes.pop("article_id", ""))
        event = make_event(node, somebody(node), "article.published", known or None, content | changes)
        with node.database.transaction() as db:
            one = load_entities(db, [known])[known] if known else add_entities(db, [(event.entity, "article")])[0]
            one.confirmed, one.version = judge(one.seen, event, b"\1" * 16).state, content["edition"]
            save_entities(db, [one])
            save_articles(db, [one])
        return event.entity.hex()

    return arrive


def on_the_spot(node: Node, officer: Actor, article: str) -> str:
    line = {"channel": "phone", "topic": "price_fraud", "summary": "Hỏi giá", "unit": "2021:14758"}
    said = {"opening": "answered_on_spot", "answer_text": "Báo 1022.", "article": article}
    return record_report(node, officer, line, **said).id.hex()


def test_an_empty_library_says_where_answers_come_from(lan: Browser) -> None:
    assert "The centre publishes them" in lan.get("/library").text


def test_answers_are_found_without_accents_and_by_topic(lan: Browser, publish: Publish) -> None:
    publish()
    publish(question="Mất điện thì gọi ai?", topics=["other_directed"])
    assert "Khẩu trang giá cao" in lan.get("/library?q=khau+trang").text
    assert "Mất điện" not in lan.get("/library?q=khau+trang").text
    assert "Mất điện" in lan.get("/library?topic=other_directed").text
    assert "Try fewer words" in lan.get("/library?q=khau+trang&topic=other_directed").text


def test_an_article_tells_its_source_validity_area_and_edition(lan: Browser, publish: Publish) -> None:
    page = lan.get(f"/library/{publish(valid_to='2021-12-31', area='2021:14758', text='Hỏi thêm giá niêm yết.')}")
    for words in ("Mẫu 1", "from 01/12/2021 to 31/12/2021", "Phường Đông Thọ", "Hỏi thêm giá niêm yết.", "Edition 1"):
        assert words in page.text
    assert page.all(class_="notice") == []


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"valid_to": "2021-12-04"}, "No longer valid since 04/12/2021"),
        ({"valid_from": "2021-12-06"}, "Not yet valid: it holds from 06/12/2021"),
        ({"sample": True}, "a civil servant has to check it"),
    ],
)
def test_what_must_not_be_read_out_yet_begins_with_a_warning(
    lan: Browser, publish: Publish, changes: dict[str, Any], warning: str
) -> None:
    page = lan.get(f"/library/{publish(**changes)}")
    assert [warning in each.text for each in page.all(class_="notice")] == [True]


def test_hints_carry_the_text_to_use_and_where_it_comes_from(lan: Browser, publish: Publish) -> None:
    article = publish()
    response = lan.client.get("/library/hints?q=ban+khau+trang+gia+cao&topic=price_fraud&unit=2021:14758")
    assert response.status_code == 200
    assert f'data-article="{article}" data-text="Báo 1022 &amp; giữ hóa đơn."' in response.text
    assert 'data-count="1"' in response.text


@pytest.mark.parametrize("query", ["", "?q=%22%28OR&topic=x&unit=zz", "?q=" + "a" * 5000])
def test_hints_for_nothing_or_for_signs_are_an_empty_answer(lan: Browser, publish: Publish, query: str) -> None:
    publish()
    response = lan.client.get(f"/library/hints{query}")
    assert (response.status_code, "data-use-answer" in response.text.partition("#}")[2]) == (200, False)


def test_an_address_of_no_article_says_so(lan: Browser) -> None:
    for address in ("/library/" + "ab" * 16, "/library/khong"):
        assert "Search for it by its words" in lan.get(address, 404).text


def test_a_long_library_has_pages(lan: Browser, publish: Publish) -> None:
    for number in range(52):
        publish(question=f"Câu hỏi {number:02d}")
    first = lan.get("/library")
    assert "52 answers" in first.text
    second = lan.get(first.link("Next page"))
    assert "Câu hỏi 51" in second.text
    assert "Previous page" in second.text


def test_report_answered_on_the_spot_names_the_article_and_leads_to_it(
    lan: Browser, node: Node, officer: Actor, publish: Publish
) -> None:
    used = publish(valid_to="2021-12-31")
    page = lan.get(f"/reports/{on_the_spot(node, officer, used)}")
    links = [each for each in page.all("a") if each.attributes.get("href") == f"/library/{used}"]
    assert [link.text for link in links] == ["Khẩu trang giá cao thì báo ai?"] * 2
    assert "Edition 1 · from 01/12/2021 to 31/12/2021" in page.all(class_="used-article")[0].text


def test_article_that_this_computer_does_not_hold_is_said_to_be_away(lan: Browser, node: Node, officer: Actor) -> None:
    page = lan.get(f"/reports/{on_the_spot(node, officer, '0' * 32)}")
    assert "does not hold" in page.all(class_="used-article")[0].text


def test_edition_younger_than_the_answer_says_so(
    lan: Browser, node: Node, officer: Actor, publish: Publish, clock: DeskClock
) -> None:
    used = publish()
    report = on_the_spot(node, officer, used)
    assert "after the answer was given" not in lan.get(f"/reports/{report}").text
    clock.pass_minutes(5)
    publish(article_id=used, edition=2, valid_to="2021-12-02")
    text = lan.get(f"/reports/{report}").all(class_="used-article")[0].text
    assert "Edition 2" in text and "No longer valid" in text and "after the answer was given" in text
