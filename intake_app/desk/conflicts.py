"""What two offices typed differently: the list, and the page on which a person decides field by field."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.refusals import sentence
from forms.words import choices
from intake_app.actions.decide_conflict import decide_conflict
from intake_app.auth import current_actor
from intake_app.desk.at_hand import find_report, sight, the_directory, the_node, topic_names
from intake_app.store.conflicts import ConflictRow, count, list_conflicts, of_report
from intake_app.store.people import person_names
from sync.errors import InvalidFields, Refused

blueprint = Blueprint("conflicts", __name__)

PAGE_ROWS = 50
CHOICE_FIELDS = ("kind", "urgency", "language", "reply_by", "status")
SWITCH_FIELDS = ("anonymous", "representative", "confidential", "publish_consent", "consent")
LONG_FIELDS = ("details",)


@blueprint.route("/conflicts")
def listed() -> str:
    """Every value that needs a decision, the oldest first."""
    start = max(0, request.args.get("after", 0, type=int))
    with the_node().database.read() as db:
        rows = list_conflicts(db, limit=PAGE_ROWS, after=start, agency=sight())
        total = count(db, sight())
        names = person_names(db, {row.by for row in rows})
    following = start + PAGE_ROWS if total > start + PAGE_ROWS else None
    return render_template("desk/conflicts.html", rows=rows, names=names, following=following, total=total)


@blueprint.route("/conflicts/<report_id>", methods=["GET", "POST"])
def one(report_id: str) -> Response | str | tuple[str, int]:
    """The open values of one report, and deciding them."""
    report = find_report(report_id)
    contested = _by_field(of_report(report.state, report.id))
    problems: dict[str, str] = {}
    if request.method == "POST" and contested:
        decided = sum(_decide(field, rows, problems) for field, rows in contested.items())
        if decided:
            flash(_("%(n)s values decided. Every value stays in the history.", n=decided), "good")
        if not problems:
            done = decided == len(contested)
            return redirect(url_for("report.shown", report_id=report_id) if done else request.path, 303)
        report = find_report(report_id)
        contested = _by_field(of_report(report.state, report.id))
    with the_node().database.read() as db:
        names = person_names(db, {row.by for rows in contested.values() for row in rows})
    fields = [(field, rows, _offer(field)) for field, rows in contested.items()]
    page = render_template("desk/conflict.html", report=report, fields=fields, names=names, problems=problems)
    return (page, 422) if problems else page


def _by_field(rows: list[ConflictRow]) -> dict[str, list[ConflictRow]]:
    found: dict[str, list[ConflictRow]] = {}
    for row in rows:
        found.setdefault(row.field, []).append(row)
    return found


def _decide(field: str, rows: list[ConflictRow], problems: dict[str, str]) -> bool:
    """Decide one field if the person chose; what does not fit is put beside it."""
    keep = request.form.get(f"keep-{field}", "")
    others = {row.id: row.other for row in rows}
    try:
        if keep == "current":
            value = rows[0].current
        elif keep in others:
            value = others[keep]
        elif keep == "value":
            value = _typed(field, request.form.get(f"value-{field}", ""))
        else:
            return False
        decide_conflict(
            the_node(), current_actor(), list(others), "value", value, seen_current=rows[0].current, has_seen=True
        )  # fmt: skip
    except InvalidFields as invalid:
        problems[field] = sentence(*invalid.problems[field]) if field in invalid.problems else sentence(invalid.code)
        return False
    except Refused as refused:
        if refused.code == "not_allowed":
            raise
        problems[field] = sentence(refused.code, refused.params)
        return False
    return True


def _typed(field: str, text: str) -> Any:
    text = text.strip()
    if field in SWITCH_FIELDS:
        return text == "yes"
    if field in ("unit", "home_unit") and text and not the_directory().unit(text):
        found = the_directory().find_units(text, limit=2)
        if len(found) != 1:
            raise Refused("unknown_unit", text=text[:60])
        return found[0].code
    return text or None


def _offer(field: str) -> list[tuple[str, str]] | None:
    """The values of a closed set; None where another value is typed, an empty list where only the two can be kept."""
    if field in CHOICE_FIELDS:
        return choices(field)
    if field == "topic":
        return topic_names()
    if field in SWITCH_FIELDS:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [] if field == "answers" else None
