"""Reports that were ticked in a list: each with the version that was seen of it, so that nothing is done over what is unseen."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

NAME = "report"


def picked(form: MultiDict[str, str]) -> list[tuple[bytes, int]]:
    """The reports of a form, each once, as they were ticked; what is no report's name is left out."""
    found: dict[bytes, int] = {}
    for text in form.getlist(NAME):
        name, _, version = text.partition(":")
        if version.isascii() and version.isdigit() and len(name) == 32:
            try:
                found[bytes.fromhex(name)] = int(version[:12])
            except ValueError:
                continue
    return list(found.items())


def named(found: Iterable[tuple[bytes, int]]) -> list[str]:
    """The same as a form carries them."""
    return [f"{one.hex()}:{version}" for one, version in found]
