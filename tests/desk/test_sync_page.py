from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from flask import Flask

from intake_app import create_app, syncbar
from intake_app.store import lives
from intake_app.store.queue import Queue
from tests.creators import Province, province
from tests.desk.conftest import PASSWORD, ROLES, signed_in
from tests.hired import hire
from tests.pages import Browser

NOW = 1_638_669_000_000
NOTHING = dict.fromkeys(field.name for field in fields(Queue))
WELL = Queue(**NOTHING | {"waiting": 0, "conflicts": 0, "refused": 0, "last_contact_ms": NOW, "enrolled": True})


@pytest.fixture
def bound(tmp_path: Path) -> Iterator[Province]:
    """A centre and an office that knows it."""
    with province(tmp_path) as made:
        yield made


@pytest.fixture
def office(bound: Province) -> Flask:
    """The pages of that office."""
    node = bound.offices["0380"]
    hire(node, "lan", "Trần Thị Lan", ROLES, PASSWORD)
    return create_app(node.settings, node)


@pytest.mark.parametrize(
    ("queue", "state", "words"),
    [
        (WELL, "sent", "All sent."),
        (replace(WELL, waiting=3, oldest_ms=NOW), "waiting", "3 entries waiting"),
        (replace(WELL, waiting=100, sending_total=120), "sending", "20 of 120"),
        (replace(WELL, waiting=3, oldest_ms=NOW, last_error_code="no_network"), "offline", "Saved on this computer: 3"),
        (replace(WELL, last_error_code="no_network"), "offline", "everything recorded here has been sent"),
        (replace(WELL, waiting=2, enrolled=False), "unenrolled", "Saved on this computer: 2"),
        (replace(WELL, refused=1, waiting=3, last_error_code="no_network"), "refused", "did not take 1"),
        (replace(WELL, conflicts=1, waiting=3), "conflicts", "1 value needs a decision"),
    ],
)
def test_bar_says_the_most_important_thing_first(app: Flask, queue: Queue, state: str, words: str) -> None:
    with app.test_request_context("/?lang=en"):
        bar = syncbar.bar(queue, NOW)
    assert bar.state == state
    assert words in bar.text


def test_what_needs_a_person_does_not_hide_what_waits(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        bar = syncbar.bar(replace(WELL, conflicts=1, waiting=3), NOW)
    assert "Saved on this computer: 3 entries waiting." in bar.detail


def test_long_silence_is_counted_in_days(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        bar = syncbar.bar(replace(WELL, last_contact_ms=NOW - 5 * 86_400_000, last_error_code="no_network"), NOW)
    assert "5 days" in bar.detail


@pytest.mark.parametrize("waiting", [0, 3])
def test_without_a_line_the_first_words_are_that_it_is_saved_here(app: Flask, waiting: int) -> None:
    queue = replace(WELL, waiting=waiting, oldest_ms=NOW, last_error_code="no_network")
    with app.test_request_context("/?lang=vi"):
        for each in (queue, replace(queue, enrolled=False)):
            assert syncbar.bar(each, NOW).text.startswith("Đã lưu trên máy này")


@pytest.mark.parametrize(("minutes", "words"), [(2, "in 2 min"), (0, "in a moment"), (-5, "in a moment"), (90, "in a moment")])
def test_what_waits_says_when_it_goes_by_itself(app: Flask, minutes: int, words: str) -> None:
    with app.test_request_context("/?lang=en"):
        bar = syncbar.bar(replace(WELL, waiting=3, next_try_ms=NOW + minutes * 60_000), NOW)
    assert words in bar.detail
    assert bar.can_send


def test_offline_never_looks_like_a_mistake(app: Flask) -> None:
    with app.test_request_context("/"):
        assert syncbar.bar(replace(WELL, waiting=3, last_error_code="no_network"), NOW).tone == "warn"


def test_bar_changes_when_something_is_recorded(lan: Browser, recorded: Callable[..., bytes]) -> None:
    before = lan.client.get("/sync/status").json
    recorded()
    after = lan.client.get("/sync/status").json
    assert (before["text"], after["text"]) != (after["text"], before["text"])
    assert "<strong>" in after["html"]


def test_unconnected_office_works_and_offers_to_connect(lan: Browser) -> None:
    page = lan.get("/sync")
    assert "Everything is kept here and sent once it is." in page.text
    assert lan.get(page.link("Connect to the centre")).path == "/sync/connect"


def test_connecting_without_a_network_says_so_and_binds_nothing(lan: Browser) -> None:
    form = lan.get("/sync/connect")
    page = lan.send(form, {"url": "http://127.0.0.1:9", "code": "ABCD"}, status=422)
    assert "cannot be reached now" in page.text
    assert "not connected yet" in lan.get("/sync").text


@pytest.mark.parametrize("url", ["1022", "ftp://x", "http://example.com"])
def test_address_that_does_not_fit_is_refused_in_words(lan: Browser, url: str) -> None:
    page = lan.send(lan.get("/sync/connect"), {"url": url, "code": "ABCD"}, status=422)
    assert "https://" in page.all(class_="error-summary")[0].text


def test_send_now_asks_the_job_where_there_is_one(office: Flask) -> None:
    asked: list[bool] = []
    office.extensions["sync_trigger"] = lambda: asked.append(True)
    lan = signed_in(Browser(office), "lan")
    assert "Sending has started" in lan.send(lan.get("/sync"), to="/sync/now").text
    assert asked == [True]


def test_bar_sends_now_from_every_page(office: Flask, bound: Province) -> None:
    asked: list[bool] = []
    office.extensions["sync_trigger"] = lambda: asked.append(True)
    bound.record("0380")
    lan = signed_in(Browser(office), "lan")
    page = lan.get("/help")
    form = page.all(class_="send-now")[0]
    token = form.all("input")[0].attributes["value"]
    assert lan.send(lan.get("/search"), {"csrf_token": token}, to=str(form.attributes["action"])).path == "/sync"
    assert asked == [True]


def test_send_now_without_a_network_keeps_everything(office: Flask, bound: Province) -> None:
    bound.record("0380")
    lan = signed_in(Browser(office), "lan")
    page = lan.send(lan.get("/sync"), to="/sync/now")
    assert "The centre cannot be reached now. Everything is kept" in page.text
    assert "cannot be reached" in page.all("table", class_="list")[0].text


def test_confirmed_report_says_that_the_centre_has_it(office: Flask, bound: Province) -> None:
    report = bound.record("0380")
    bound.sync()
    page = signed_in(Browser(office), "lan").get(f"/reports/{report.id.hex()}")
    assert page.all(class_="ledger")[0].all("li")[1].attributes["class"] == "reached"
    assert page.all(class_="badge-sync")[0].text.endswith("At the centre")


def test_a_copy_that_was_put_back_is_told_in_a_sentence_and_its_end_too(office: Flask, bound: Province) -> None:
    node = bound.offices["0380"]
    with node.database.transaction() as db:
        lives.begin(node, db, "rolled_back", missing=3)
    page = signed_in(Browser(office), "lan").get("/sync").text
    assert "is an older copy" in page and "3 entries that were saved later are not in it." in page
    bound.sync()
    assert "was an older copy" in signed_in(Browser(office), "lan").get("/sync").text
