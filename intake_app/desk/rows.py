"""The lines of a list as a page writes them: every name and word looked up once a page and not once a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from forms.words import word
from intake_app.desk.at_hand import the_directory
from intake_app.presentation import topic_name, unit_name
from intake_app.shown import when
from intake_app.store.reports import ReportRow
from sync import tracking_code
from sync.deadline import TOLD_SOON

SYNC_ICONS = {"saved": "●", "at_relay": "↗", "at_centre": "✓", "refused": "✖", "conflict": "⚖"}


class Line(NamedTuple):
    """One report of a list; `why` says by what a search found it."""

    address: str
    code: str
    received: str
    summary: str
    topic: str
    unit: str
    status: str
    status_word: str
    urgency: str
    urgency_word: str
    sync: str
    sync_icon: str
    sync_word: str
    agency: str
    deadline: str
    late: bool
    near: bool
    told: str
    phone_tail: str
    conflicts: int
    why: Sequence[tuple[str, Markup | str]]


def shown_rows(
    rows: Sequence[ReportRow],
    now_iso: str,
    why: Callable[[ReportRow], Sequence[tuple[str, Markup | str]]] | None = None,
) -> list[Line]:
    """The lines of these rows in the reader's language; what is past its deadline by this moment is late."""
    topic, unit, agency = cache(lambda code: topic_name(code, short=True)), cache(unit_name), cache(_short_agency)
    words, told = cache(word), cache(_told)
    start = url_for("report.shown", report_id="0").removesuffix("0")
    return [
        Line(
            f"{start}{row.id.hex()}", tracking_code.show(row.tracking_code), when(row.received_ms), row.summary,
            topic(row.topic), unit(row.unit), row.status, words("status", row.status),
            "" if row.urgency == "normal" else row.urgency, words("urgency", row.urgency),
            row.sync_state, SYNC_ICONS[row.sync_state], words("sync_state", row.sync_state),
            agency(row.lead_agency), when(row.deadline),
            bool(row.deadline) and str(row.deadline) < now_iso, bool(row.soon) and str(row.soon) <= now_iso,
            told(row.reminded, row.urged, row.clock),
            row.phone_tail or "", row.conflicts, why(row) if why else (),
        )
        for row in rows
    ]  # fmt: skip


def _told(level: int, urged: int, clock: str) -> str:
    """That the clock stands still, or else how far somebody was told of an open report's deadline."""
    if clock == "paused":
        return word("deadline_state", "paused")
    said = [_("urged")] if urged else []
    if level > TOLD_SOON:
        said.append(_("escalated: %(n)s%% of the time", n=level))
    elif level:
        said.append(_("reminded"))
    return " · ".join(said) if clock == "running" else ""


def _short_agency(code: str | None) -> str:
    agency = the_directory().agencies.get(code or "")
    return (agency.abbreviation or agency.name) if agency else code or ""
