from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intake_app.node import Node
from intake_app.store.lists import count_reports
from tests.pages import Browser

GOOD = {
    "summary": "Khẩu trang giá gấp ba",
    "unit": "phuong dong tho thanh pho thanh hoa",
    "topic": "price_fraud",
    "phone": "0912 345 678",
}
SAVE = {"action": "save"}


def reports(node: Node) -> int:
    with node.database.read() as db:
        return count_reports(db)


def test_saved_report_shows_its_code_and_what_happens_next(lan: Browser) -> None:
    page = lan.send(lan.get("/intake"), GOOD | SAVE)
    assert page.path.endswith("/saved")
    assert "Received and saved on this computer" in page.text
    assert page.all(class_="big-code")[0].text.split(":")[1].strip().startswith("0380 ")


def test_everything_typed_stands_in_the_report(lan: Browser, state_of: Callable[[bytes], dict[str, Any]]) -> None:
    answers = {"goods": "Khẩu trang", "price_asked": "150.000", "proof": "yes", "bought_on": "4/12/2021"}
    typed = {"details": "Dòng một\nDòng hai", "name": "Nguyễn Văn A", "confidential": "y", "publish_consent": "y"}
    typed |= {"home_unit": "Phường Hạc Thành", "occurred_at": "8h30 5/12", "urgency": "urgent", "reply_by": "phone"}
    typed |= {f"answers-{question}": answer for question, answer in answers.items()}
    page = lan.send(lan.get("/intake"), GOOD | typed | SAVE)
    state = state_of(bytes.fromhex(page.path.split("/")[2]))
    assert state["answers"] == {"goods": "Khẩu trang", "price_asked": 150_000, "proof": True, "bought_on": "2021-12-04"}
    assert state["occurred_at"] == "2021-12-05T08:30:00+07:00"
    assert state["reporter"] == {
        "name": "Nguyễn Văn A",
        "phone": "+84912345678",
        "phone_typed": "0912 345 678",
        "home_unit": "2025:14797",
    }
    assert (state["confidential"], state["publish_consent"], state["unit"]) == (True, True, "2021:14758")


def test_same_form_sent_twice_is_one_report(lan: Browser, node: Node) -> None:
    form = lan.get("/intake")
    first, second = lan.send(form, GOOD | SAVE), lan.send(form, GOOD | SAVE)
    assert first.path == second.path
    assert reports(node) == 1


def test_what_is_missing_is_said_above_and_beside_and_in_the_title(lan: Browser, node: Node) -> None:
    page = lan.send(lan.get("/intake"), {"phone": "một", "occurred_at": "mai", "details": "giữ lại"} | SAVE, status=422)
    assert page.title.startswith("Error: ")
    links = [link.attributes["href"] for link in page.all(class_="error-summary")[0].all("a")]
    assert links == ["#phone", "#summary", "#unit", "#topic", "#occurred_at"]
    assert "Fill this in." in page.error_of("summary")
    assert page.values()["details"] == "giữ lại"
    assert reports(node) == 0


def test_number_that_is_none_is_refused_in_words(lan: Browser) -> None:
    page = lan.send(lan.get("/intake"), GOOD | {"phone": "không có"} | SAVE, status=422)
    assert "0912 345 678" in page.error_of("phone")


def test_name_of_several_places_is_offered_to_choose(lan: Browser) -> None:
    page = lan.send(lan.get("/intake"), GOOD | {"unit": "hoang"} | SAVE, status=422)
    offered = page.all(class_="offer")[0].all("button")
    chosen = lan.send(page, {"unit": offered[0].attributes["value"]})
    assert chosen.values()["unit"] in offered[0].text
    assert chosen.values()["summary"] == GOOD["summary"]


def test_questions_of_a_topic_come_without_saving(lan: Browser, node: Node) -> None:
    page = lan.send(lan.get("/intake"), {"topic": "suspected_case", "summary": "Ho, sốt", "action": "show"})
    assert "answers-symptoms" in page.values()
    assert page.values()["summary"] == "Ho, sốt"
    assert reports(node) == 0


def test_answer_on_the_spot_needs_its_text(lan: Browser, state_of: Callable[[bytes], dict[str, Any]]) -> None:
    spot = GOOD | SAVE | {"opening": "answered_on_spot"}
    assert "Fill this in." in lan.send(lan.get("/intake"), spot, status=422).error_of("answer_text")
    page = lan.send(lan.get("/intake"), spot | {"answer_text": "Đã hướng dẫn gọi 1900"})
    assert state_of(bytes.fromhex(page.path.split("/")[2]))["status"] == "answered_on_spot"


def test_guided_elsewhere_keeps_the_procedure(lan: Browser, state_of: Callable[[bytes], dict[str, Any]]) -> None:
    page = lan.send(lan.get("/intake"), GOOD | SAVE | {"opening": "guided", "procedure": "Đơn khiếu nại"})
    assert state_of(bytes.fromhex(page.path.split("/")[2]))["procedure"] == "Đơn khiếu nại"
    assert "Đơn khiếu nại" in page.text


def test_save_and_next_gives_an_empty_form_with_the_code_of_the_last(lan: Browser) -> None:
    page = lan.send(lan.get("/intake"), GOOD | {"action": "save_next"})
    assert page.path == "/intake"
    assert page.values()["summary"] == ""
    assert "Saved on this computer: 0380" in page.text


def test_same_person_is_not_asked_twice(lan: Browser) -> None:
    saved = lan.send(lan.get("/intake"), GOOD | SAVE | {"name": "Nguyễn Văn A"})
    page = lan.get(saved.link("Same person"))
    assert (page.values()["name"], page.values()["phone"], page.values()["summary"]) == (
        "Nguyễn Văn A",
        "0912 345 678",
        "",
    )


def test_receipt_has_the_code_as_a_drawing_too(lan: Browser, recorded: Callable[..., bytes]) -> None:
    page = lan.get(f"/reports/{recorded().hex()}/receipt")
    assert "PHIẾU" in page.text or "RECEIPT" in page.text
    assert page.all("svg", class_="qr")


def test_receipt_masks_the_phone_and_keeps_a_secret_name(lan: Browser, recorded: Callable[..., bytes]) -> None:
    report = recorded(name="Nguyễn Văn A", phone="0912 345 678", confidential=True)
    paper = lan.get(f"/reports/{report.hex()}/receipt").all(class_="receipt")[0].text
    assert "678" in paper
    assert "345" not in paper
    assert "Nguyễn Văn A" not in paper


def test_the_article_of_an_answer_is_kept_with_it(
    lan: Browser, node: Node, state_of: Callable[[bytes], dict[str, Any]]
) -> None:
    typed = GOOD | SAVE | {"opening": "answered_on_spot", "answer_text": "Gọi điện lực.", "article": "ab" * 16}
    page = lan.send(lan.get("/intake"), typed)
    report = bytes.fromhex(page.path.split("/")[2])
    assert state_of(report)["answer"]["article"] == "ab" * 16
