"""What is public as a file: the words that were released, with what the public is told beside them, and nothing of anybody."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from forms.words import word
from intake_app.exporting import harmless
from intake_app.presentation import agency_name, topic_name, unit_name
from intake_app.shown import day
from intake_app.store.publicity import Listed
from sync.publicity import as_read

BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8


def told_of(row: Listed) -> dict[str, Any]:
    """One report as the public reads it; no tracking code, for with a telephone number that opens more."""
    read = as_read(row.state, row.state["publicity"])
    return {
        "title": read.title,
        "text": read.text,
        "answer": read.answer,
        "topic": read.topic,
        "topic_name": topic_name(read.topic),
        "unit": read.unit,
        "unit_name": unit_name(read.unit),
        "agency": read.agency,
        "agency_name": agency_name(read.agency),
        "received_on": day(read.received_at),
        "answered_on": day(read.answered_ms),
        "published_on": day(row.since_ms),
        "rating": read.rating,
    }


def as_jsonl(rows: Iterator[Listed]) -> Iterator[bytes]:
    """A JSON object a line."""
    for row in rows:
        yield (json.dumps(told_of(row), ensure_ascii=False) + "\n").encode()


def as_csv(rows: Iterator[Listed]) -> Iterator[bytes]:
    """A line a report under headings in the reader's language; no cell runs as a formula."""
    columns = {
        "title": _("Title"),
        "text": _("Text"),
        "answer": _("Answer"),
        "topic_name": word("field", "topic"),
        "unit_name": word("field", "unit"),
        "agency_name": word("field", "lead_agency"),
        "received_on": _("Received on"),
        "answered_on": _("Answered at"),
        "published_on": _("Published on"),
        "rating": _("Rated by the citizen"),
    }
    yield (BYTE_ORDER_MARK + _row(list(columns.values()))).encode()
    for row in rows:
        told = told_of(row)
        yield _row([told[name] for name in columns]).encode()


def _row(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(str(cell)) for cell in cells])
    return out.getvalue()
