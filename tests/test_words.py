"""The words of the command line."""

from __future__ import annotations

import pytest

from intake_app.words import gettext, in_language, language


@pytest.mark.parametrize(
    ("asked", "spoken"), [(None, "vi"), ("en", "en"), ("en_GB.UTF-8", "en"), ("fr", "vi"), ("", "vi")]
)
def test_language_is_vietnamese_unless_english_is_asked_for(asked, spoken, monkeypatch):
    if asked is not None:
        monkeypatch.setenv("INTAKE_LANG", asked)
    assert language() == spoken


def test_places_may_have_any_name(monkeypatch):
    monkeypatch.setenv("INTAKE_LANG", "en")
    assert gettext("%(code)s %(text)s", code=1, text=2) == "1 2"


def test_text_without_a_translation_stays_english():
    assert in_language("vi", "no such text in any catalogue, 100 %") == "no such text in any catalogue, 100 %"
