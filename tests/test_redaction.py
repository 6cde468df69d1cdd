"""What the public must not read is taken out; what only a person can judge is marked."""

from __future__ import annotations

import json

import pytest

from intake_app.redaction import health_words, left_in, plain, redact
from intake_app.store.shipped import DATA_FOLDER

OWN = {
    "name": "Lê Thị Mẫu", "phone": "+84900000001", "phone_typed": "0900 000 001", "address": "Cạnh chợ Vườn Hoa",
    "village": "Thôn 3", "email": "mau@example.vn", "national_id": "038123456789",
}  # fmt: skip


@pytest.mark.parametrize(
    "secret",
    [
        "0900.000.001", "+84 900 000 001", "0912 345 678", "038 123 456 789", "038123456789", "mau@example.vn", "ai.do@thu.vn",
        "Lê Thị Mẫu", "LE THI MAU", "Nguyễn Văn Tâm", "số 12 ngõ 5 phố Lê Lợi", "số nhà 7A", "thôn Hợp Tân", "cạnh chợ vườn hoa",
        "36A-123.45", "https://facebook.com/ai.do",
    ],
)  # fmt: skip
def test_what_tells_who_and_where_is_taken_out(secret: str) -> None:
    found = redact(f"Sáng nay {secret} có người bán khẩu trang giá cao.", OWN).text
    assert secret.lower() not in found.lower()
    assert found.startswith("Sáng nay [") and found.endswith("bán khẩu trang giá cao.")


@pytest.mark.parametrize(
    "harmless",
    [
        "Giá 150.000 đồng, trước chỉ 45.000 đồng.", "Ngày 05/12/2021 lúc 08:30 tại Phường Đông Thọ.",
        "Công văn 1234/SYT của Sở Y tế.", "Ông đến xã hỏi giấy tờ.", "Chợ họp từ 5 đến 7 giờ.",
    ],
)  # fmt: skip
def test_what_tells_nobody_stays(harmless: str) -> None:
    assert redact(harmless, OWN).text == harmless


def test_a_name_after_a_form_of_address_goes_and_the_form_stays() -> None:
    assert redact("Ông Tịnh ra xã báo, bà Nga đi cùng.", {}).text == "Ông [tên] ra xã báo, bà [tên] đi cùng."


def test_words_about_health_are_marked_and_not_taken_out() -> None:
    found = redact("Vợ sốt cao, nghi nhiễm, xin xét nghiệm.", {})
    assert found.text == "Vợ sốt cao, nghi nhiễm, xin xét nghiệm."
    assert {"sốt", "nghi nhiễm", "xét nghiệm"} <= set(found.health)


def test_a_word_with_other_accents_is_another_word() -> None:
    assert health_words("Cái sọt rau và hồ nước") == ()


def test_what_is_left_in_is_told_apart_by_how_certain_it_is() -> None:
    certain, doubtful = left_in(["Gọi 0912 345 678, gặp bà Nga ở thôn Hợp Tân, đang sốt; chị Lê Thị Mẫu"], OWN)
    assert certain == {"0912 345 678", "Lê Thị Mẫu"}
    assert doubtful == {"Nga", "thôn Hợp Tân", "sốt"}


def test_a_redacted_text_holds_nothing_that_is_certain() -> None:
    for line in (DATA_FOLDER / "samples.jsonl").read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        for name in ("summary", "details"):
            again = redact(sample.get(name, ""), sample).text
            assert left_in([again], sample)[0] == set()


def test_a_text_without_accents_keeps_its_length() -> None:
    text = "Đường Nguyễn Huệ – số 5, ŻŁ"
    assert len(plain(text)) == len(text)
