"""The operating guides say the same in both languages, and only name commands, pages and buttons that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from intake_app.cli.commands import commands

HOME = Path(__file__).parents[1]
GUIDES = {
    language: (HOME / "docs" / f"operating.{language}.md").read_text(encoding="utf-8") for language in ("vi", "en")
}
CATALOGUE = HOME / "intake_app" / "translations" / "vi" / "LC_MESSAGES" / "messages.po"


def shape(guide: str) -> list[tuple[str, int, int]]:
    """The number of each section with how many rows its tables and how many numbered lines it has."""
    sections = re.split(r"^## ", guide, flags=re.MULTILINE)[1:]
    return [
        (
            text.split(".")[0],
            len(re.findall(r"^\| ", text, re.MULTILINE)),
            len(re.findall(r"^\d\. ", text, re.MULTILINE)),
        )
        for text in sections
    ]


def test_both_guides_have_the_same_sections_tables_and_lists() -> None:
    assert shape(GUIDES["vi"]) == shape(GUIDES["en"])


@pytest.mark.parametrize("language", GUIDES)
def test_every_command_in_a_guide_exists(language: str) -> None:
    assert set(re.findall(r"run\.py ([a-z-]+)", GUIDES[language])) <= set(commands())


def emphasised(guide: str) -> set[str]:
    """The words that a guide sets in italics: names of pages, buttons and choices."""
    return {" ".join(words.split()) for words in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", guide)}


def test_the_pages_a_guide_names_are_on_the_screen() -> None:
    with CATALOGUE.open("rb") as file:
        words = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    pages = {"Accounts", "Sync", "Conflicts", "Search", "New report", "Connect to the centre", "Connect a computer"}
    assert pages <= emphasised(GUIDES["en"])
    assert {words[page] for page in pages} <= emphasised(GUIDES["vi"])
