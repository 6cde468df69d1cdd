"""Vietnamese and English words for what runs without a web request: the command line and the demo.

The same catalogue as the pages, read without Flask, so that a command starts in the blink of an eye.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path

from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).resolve().parent / "translations"
DEFAULT_LANGUAGE = "vi"


def language() -> str:
    """The language of the command line: Vietnamese, unless INTAKE_LANG says `en`."""
    return "en" if os.environ.get("INTAKE_LANG", DEFAULT_LANGUAGE).lower().startswith("en") else DEFAULT_LANGUAGE


def gettext(text: str, /, **params: object) -> str:
    """The text in the language of the command line, with its %(name)s places filled."""
    return in_language(language(), text, **params)


def in_language(code: str, text: str, /, **params: object) -> str:
    """The text in that language; untranslated text stays English rather than failing."""
    words = _catalogue(code).gettext(text)
    return words % params if params else words


@functools.cache
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(FOLDER, [code])
