from __future__ import annotations

from markupsafe import Markup

from intake_app.desk.why import Looked, marked
from tests.pages import Browser, Page


def why(page: Page) -> str:
    return " | ".join(each.text for each in page.all("ul", class_="why"))


def test_the_words_looked_for_are_marked_with_their_accents() -> None:
    shown = marked(Looked("cho dong t"), "Chợ Đông Thọ bán đắt")
    assert shown == Markup("<mark>Chợ</mark> <mark>Đông</mark> <mark>T</mark>họ bán đắt")


def test_what_a_citizen_typed_is_never_markup() -> None:
    assert marked(Looked("dat"), "<b>bán đắt</b>") == Markup("&lt;b&gt;bán <mark>đắt</mark>&lt;/b&gt;")


def test_a_long_text_is_cut_to_what_stands_around() -> None:
    shown = marked(Looked("khau"), "đầu " * 40 + "khẩu trang " + "cuối " * 60, around=20)
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 120


def test_a_result_says_by_what_it_was_found(lan: Browser, recorded) -> None:
    recorded(details="Bán ở cổng chợ", name="Lê Thị Hoa", phone="0912 345 678", address="Số 5 Lê Lợi")
    assert "Details: Bán ở cổng chợ" in why(lan.get("/search?q=cong cho"))
    assert "Full name" in why(lan.get("/search?q=le thi hoa"))
    assert "•••678" in why(lan.get("/search?q=0912.345.678"))
    assert "345" not in why(lan.get("/search?q=0912.345.678"))


def test_report_found_by_other_words_does_not_say_that_they_stand_in_a_secret_name(lan: Browser, recorded) -> None:
    recorded(name="Lê Thị Hoa", phone="0912 345 678", confidential=True, details="Hoa phượng gãy cành 678")
    said = why(lan.get("/search?q=hoa 678"))
    assert "Details" in said and "Full name" not in said and "Phone" not in said
