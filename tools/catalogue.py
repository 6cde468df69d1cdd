"""Bring the Vietnamese catalogue up to date: collect the words of code and templates, merge, compile. For maintainers.

    python tools/catalogue.py                    collect, merge, compile; tell what has no Vietnamese yet
    python tools/catalogue.py words.json …       take over {"English": "Vietnamese"} first
"""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "intake_app" / "translations" / "vi" / "LC_MESSAGES"
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
WRITTEN = datetime(2026, 11, 22, tzinfo=UTC)
HEADER = """# The Vietnamese words of the intake kit, as an office writes them, in NFC.
# All wording is to be checked by a Vietnamese civil servant before the first release.
#"""
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def collect() -> Catalog:
    """Every message of the product's code and templates."""
    found = Catalog(project="intake-kit")
    for folder in ("intake_app", "forms"):
        for name, line, message, comments, context in extract_from_dir(
            ROOT / folder, METHODS, {"**/templates/**.html": {"encoding": "utf-8"}}, KEYWORDS
        ):
            if message:
                found.add(message, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return found


def merge(words: dict[str, str]) -> Catalog:
    """The Vietnamese catalogue over the messages of today."""
    path = FOLDER / "messages.po"
    catalogue = Catalog(locale="vi", project="intake-kit", fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale="vi")
    catalogue.fuzzy = False
    catalogue.header_comment = HEADER
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    catalogue.update(collect(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = WRITTEN  # a date that moves would make every merge a conflict
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0] if message.id else ""
        if key and key in words and not any(_strings(message.string)):
            message.string = words[key] if isinstance(message.id, str) else (words[key],)
    return catalogue


def _strings(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def main(files: list[str]) -> int:
    """Write the catalogue; 1 where messages lack their Vietnamese."""
    words: dict[str, str] = {}
    for name in files:
        words |= json.loads(Path(name).read_text(encoding="utf-8"))
    catalogue = merge(words)
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, catalogue, width=110, sort_output=True, omit_header=False, include_lineno=False)
    (FOLDER / "messages.po").write_bytes(text.getvalue())
    with (FOLDER / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    missing = [message.id for message in catalogue if message.id and not all(_strings(message.string) or ("",))]
    for message in missing:
        print(json.dumps(message, ensure_ascii=False))
    print(f"{len(catalogue)} messages, {len(missing)} without Vietnamese", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
