"""Who saw and did what on this installation: for the auditor and the administrator, as a list and as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from forms.audited import KINDS, NOBODY, AuditForm, actions_of, kind_of, said
from forms.refusals import sentence
from intake_app import auth
from intake_app.actions.note_export import note_exported
from intake_app.auth import current_actor
from intake_app.clock import PROVINCE_ZONE, iso
from intake_app.desk.at_hand import require_whole_sight, surroundings, the_node
from intake_app.exporting import harmless
from intake_app.navigation import AUDIT_READERS
from intake_app.presentation import office_name, unit_name
from intake_app.store.audits import AuditFilter, Entry, each_entry, list_entries, people_in
from intake_app.store.nodes import list_nodes
from intake_app.store.people import person_names
from intake_app.store.reports import find_by_code
from sync import tracking_code
from sync.errors import Refused

blueprint = Blueprint("audit", __name__)

PAGE_ROWS = 100
FORMATS = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


class Line(NamedTuple):
    """One entry as it is read."""

    no: int
    at_ms: int
    who: str
    kind: str
    kind_word: str
    text: str
    report: str  # the id of the report it is about, or nothing
    loud: str


@blueprint.get("/audit")
@auth.only(*AUDIT_READERS)
def listed() -> str:
    """The entries, newest first."""
    require_whole_sight()
    form, names = _form()
    wanted = _filter(form)
    with the_node().database.read() as db:
        found = list_entries(db, wanted, _before(), PAGE_ROWS + 1)
    return render_template(
        "desk/audit.html", form=form, lines=[_line(entry, names) for entry in found[:PAGE_ROWS]],
        older=found[PAGE_ROWS - 1].no if len(found) > PAGE_ROWS else None, narrowed=wanted != AuditFilter(),
    )  # fmt: skip


@blueprint.get("/audit.<ending>")
@auth.only(*AUDIT_READERS)
def file(ending: str) -> Response:
    """The same entries as a file, all of them; that it was taken out stands in it."""
    require_whole_sight()
    if ending not in FORMATS:
        abort(404)
    form, names = _form()
    wanted, node, language = _filter(form), the_node(), str(get_locale())
    narrowed = {name: value for name, value in request.args.items() if value and name in form}
    note_exported(node, current_actor(), "audit", ending, narrowed)
    lines = _as_csv if ending == "csv" else _as_jsonl
    # Made whole here and not while it is sent: the words of a page need the request that asked for them.
    body = "".join(lines(each_entry(node.database.read, wanted), names))
    name = f"audit-{node.head.office}-{language}.{ending}"
    return Response(
        body.encode("utf-8-sig" if ending == "csv" else "utf-8"), mimetype=FORMATS[ending],
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )  # fmt: skip


def _as_csv(entries: Iterator[Entry], names: dict[str, str]) -> Iterator[str]:
    yield _row(
        [_("Number"), _("Time"), _("Person"), _("Kind"), _("What"), _("Tracking code"), "action", "subject", "details"]
    )
    for entry in entries:
        line = _line(entry, names)
        raw = (entry.action, entry.subject, json.dumps(entry.details, ensure_ascii=False))
        yield _row([entry.no, iso(entry.at_ms), line.who, line.kind_word, line.text, entry.code or "", *raw])


def _row(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _as_jsonl(entries: Iterator[Entry], names: dict[str, str]) -> Iterator[str]:
    for entry in entries:
        line = _line(entry, names)
        told = {
            "no": entry.no, "at": iso(entry.at_ms), "person": entry.person.hex() if entry.person else None,
            "name": line.who, "kind": line.kind, "action": entry.action, "subject": entry.subject,
            "tracking_code": entry.code, "text": line.text, "details": entry.details,
        }  # fmt: skip
        yield json.dumps(told, ensure_ascii=False) + "\n"


def _line(entry: Entry, names: dict[str, str]) -> Line:
    kind = kind_of(entry.action)
    code = tracking_code.show(entry.code) if entry.code else ""
    who = names.get(entry.person.hex(), _("unknown")) if entry.person and any(entry.person) else ""
    loud = "identity" if kind == "identity" else "failed" if entry.action == "sign_in.failed" else ""
    return Line(
        entry.no, entry.at_ms, who, kind, _(KINDS[kind]) if kind else entry.action,
        said(entry.action, _subject(entry), _named(entry.details), code), entry.subject if entry.code else "", loud,
    )  # fmt: skip


def _subject(entry: Entry) -> str:
    return office_name(entry.subject) if entry.action == "enrollment_code.made" else entry.subject


def _named(details: dict[str, Any]) -> dict[str, Any]:
    """The details with the names of units and offices in the place of their codes."""
    units, office = details.get("units"), details.get("office")
    named = {"units": [unit_name(str(one)) or str(one) for one in units]} if units else {}
    return details | named | ({"office": office_name(str(office))} if office else {})


def _form() -> tuple[AuditForm, dict[str, str]]:
    """The form with everybody and every computer there is to choose, and the names."""
    node = the_node()
    with node.database.read() as db:
        people = [one.hex() for one in people_in(db) if any(one)]
        names = person_names(db, people)
        nodes = list_nodes(db) if node.is_central else []
    computers = [(row.id.hex(), f"{office_name(row.office)} {row.id.hex()[:8]}") for row in nodes]
    offered = sorted(((one, names.get(one, one[:8])) for one in people), key=lambda one: one[1])
    form = AuditForm(
        request.args, people=offered, computers=sorted(computers, key=lambda one: one[1]), **surroundings()
    )
    form.validate()  # what does not fit is said beside its field and narrows nothing
    return form, names


def _filter(form: AuditForm) -> AuditFilter:
    def value(name: str) -> str:
        return (form[name].data or "") if name in form and not form[name].errors else ""

    who = value("person")
    return AuditFilter(
        person=bytes.fromhex(who) if who and who != NOBODY else None, nobody=who == NOBODY,
        actions=actions_of(value("kind")) if value("kind") else None, subjects=_subjects(form, value("node"), value("code")),
        from_ms=_midnight(value("first"), 0), to_ms=_midnight(value("last"), 1),
    )  # fmt: skip


def _subjects(form: AuditForm, node: str, code: str) -> list[str] | None:
    if not code:
        return [node] if node else None
    try:
        with the_node().database.read() as db:
            return [found.id.hex() for found in find_by_code(db, code)]
    except Refused as refused:
        form.code.errors = [sentence(refused.code, refused.params)]
        return []


def _midnight(day: str, later: int) -> int | None:
    if not day:
        return None
    start = datetime.combine(date.fromisoformat(day) + timedelta(later), time(), PROVINCE_ZONE)
    return round(start.timestamp() * 1000)


def _before() -> int | None:
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        abort(404)
    return int(text) if text else None
