"""docs/glossary.md explains every code that people and machines exchange: one that is missing there does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from forms.words import SETS
from sync.workflow import ROLES, STATUSES, STEPS

GLOSSARY = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text(encoding="utf-8")
CATALOGUE = Path(__file__).parents[1] / "intake_app" / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
ROWS = [
    line.split("|") for line in GLOSSARY.splitlines() if line.startswith("| ") and not line.startswith("| Vietnamese")
]
EXPLAINED = {code for row in ROWS for code in re.findall(r"`([^`]+)`", row[2])}
CLOSED_SETS = ("channel", "kind", "urgency", "result", "relation", "sync_state", "verdict", "event")


@pytest.mark.parametrize("name", CLOSED_SETS)
def test_every_code_of_a_closed_set_is_explained(name: str) -> None:
    assert set(SETS[name]) <= EXPLAINED


@pytest.mark.parametrize("codes", [ROLES, STATUSES, tuple(STEPS)], ids=["roles", "statuses", "steps"])
def test_every_code_of_the_workflow_is_explained(codes: tuple[str, ...]) -> None:
    assert set(codes) <= EXPLAINED


def test_every_line_has_a_word_a_code_and_a_meaning_column() -> None:
    assert [row for row in ROWS if len(row) != 5] == []
    assert [row for row in ROWS if not row[1].strip() or not row[2].strip()] == []


@pytest.mark.parametrize("name", [*CLOSED_SETS, "status", "step", "role"])
def test_pages_use_the_words_of_the_glossary(name: str) -> None:
    with CATALOGUE.open("rb") as file:
        said = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    wrong = {
        code: said.get(word)
        for code, word in SETS[name].items()
        if not any(said.get(word, "?").lower() in row[1].lower() for row in ROWS if f"`{code}`" in row[2])
    }
    assert wrong == {}
