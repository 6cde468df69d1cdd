"""Words that hint at a topic or a procedure."""

from __future__ import annotations

import pytest

from intake_app.store.shipped import load_directory
from intake_app.store.wordlists import procedure_hinted, procedures, topic_hinted, topic_words
from sync.limits import TEXT_MAX

PROCEDURE_MAX = 500  # what the report holds, sync.report


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tôi muốn tố cáo ông trưởng thôn", "denunciation"),
        ("toi muon to cao ong truong thon", "denunciation"),
        ("Đơn khiếu nại về đền bù đất", "complaint"),
        ("Nhà ở tổ cao nhất bị dột", None),
        ("Khẩu trang giá gấp ba", None),
        ("Tố cáo vì đang cháy nhà", "emergency"),
        ("", None),
    ],
)
def test_words_of_another_procedure_hint_at_it(text: str, code: str | None) -> None:
    found = procedure_hinted(text)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Khẩu trang bán giá gấp ba", "price_fraud"),
        ("khau trang ban gia gap ba", "price_fraud"),
        ("Người từ Bình Dương mới về chưa khai báo y tế", "arrival_from_epidemic_area"),
        ("Hàng xóm trốn cách ly, hay ra khỏi nhà", "must_isolate"),
        ("Có người đăng Facebook tin giả", "fake_news_comms"),
        ("Nhà hết gạo, hoàn cảnh khó khăn", "charity_support"),
        ("Việc khác", None),
    ],
)
def test_words_of_a_topic_hint_at_it(text: str, code: str | None) -> None:
    assert topic_hinted(text) == code


def test_every_topic_has_its_list_and_no_list_is_of_none() -> None:
    assert set(topic_words()) == set(load_directory().topics)


def test_every_topic_asks_something_in_both_languages() -> None:
    for topic in load_directory().topics.values():
        assert len(topic.questions) >= 3
        assert all(each.label_vi and each.label_en for each in topic.questions)


def test_what_a_report_says_of_a_procedure_fits_and_names_its_source() -> None:
    for each in procedures().values():
        assert len(each.text()) <= PROCEDURE_MAX - 200 <= TEXT_MAX
        assert each.code == "emergency" or all(source in each.text() for source in each.sources)
