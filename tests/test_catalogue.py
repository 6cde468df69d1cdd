"""Every word a person sees has its Vietnamese, in NFC, with the same places to fill."""

from __future__ import annotations

import re
import unicodedata

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tools.catalogue import FOLDER, collect, merge

PLACE = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return merge({})


def english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def vietnamese(message: Message) -> str:
    return message.string if isinstance(message.string, str) else "".join(message.string)


def test_every_message_of_code_and_templates_has_its_vietnamese(catalogue: Catalog) -> None:
    assert [english(message) for message in catalogue if message.id and not vietnamese(message)] == []


def test_no_translation_is_left_that_nothing_shows() -> None:
    with (FOLDER / "messages.po").open("rb") as file:
        kept = read_po(file, locale="vi")
    assert {english(m) for m in kept if m.id} == {english(m) for m in collect() if m.id}


def test_vietnamese_is_in_nfc(catalogue: Catalog) -> None:
    assert [text for text in map(vietnamese, catalogue) if unicodedata.normalize("NFC", text) != text] == []


def test_translations_fill_the_same_places(catalogue: Catalog) -> None:
    differing = [
        m.id for m in catalogue if m.id and set(PLACE.findall(english(m))) != set(PLACE.findall(vietnamese(m)))
    ]
    assert differing == []


def test_the_compiled_catalogue_says_what_the_source_says(catalogue: Catalog) -> None:
    with (FOLDER / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    said = {english(message): vietnamese(message) for message in compiled if message.id}
    assert said == {english(message): vietnamese(message) for message in catalogue if message.id}
