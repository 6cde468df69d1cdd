from __future__ import annotations

import re
from pathlib import Path

import pytest

from forms.refusals import SAME_AS, SENTENCES, sentence
from intake_app.cli import refusing
from intake_app.words import in_language

HOME = Path(__file__).resolve().parent.parent.parent
RAISED = re.compile(
    r'(?:Refused|Problem|Invalid|NoNetwork|BadMessage|Unwelcome|BadSettings|_alarm)\(\s*(?:node, )?"([a-z_]+)"'
)


def raised() -> set[str]:
    files = [*(HOME / "intake_app").rglob("*.py"), *(HOME / "sync").rglob("*.py")]
    return {code for file in files for code in RAISED.findall(file.read_text(encoding="utf-8"))}


def spoken() -> set[str]:
    tables = [table for table in vars(refusing).values() if isinstance(table, dict)]
    return {*SENTENCES, *SAME_AS, *(code for table in tables for code in table)}


def test_every_refusal_of_the_code_has_a_sentence() -> None:
    assert raised() - spoken() == set()


def test_no_sentence_is_left_for_a_refusal_that_nothing_raises() -> None:
    text = "\n".join(
        file.read_text(encoding="utf-8")
        for room in ("intake_app", "sync", "forms")
        for file in (HOME / room).rglob("*.py")
    )
    assert [code for code in SENTENCES if text.count(f'"{code}"') < 2] == []


def test_unknown_code_is_named() -> None:
    assert "new_thing" in sentence("new_thing", {}, str)


def test_missing_parameter_still_names_the_code() -> None:
    assert "too_long" in sentence("too_long", {}, str)


def test_codes_in_a_sentence_are_put_into_words() -> None:
    def vietnamese(text: str) -> str:
        return in_language("vi", text)

    said = sentence("step_not_possible", {"step": "close", "status": "received"}, vietnamese)
    assert "Đóng" in said
    assert "Đã tiếp nhận" in said


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_say_what_to_do_in_whole_sentences(code: str) -> None:
    assert re.search(r"[.…]$|%\(\w+\)s$", SENTENCES[code]), SENTENCES[code]
