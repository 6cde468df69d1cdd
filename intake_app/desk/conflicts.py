"""What two offices typed differently: the list, the card on which a person decides field by field, the check before it holds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from forms.refusals import sentence
from intake_app.actions.add_to_report import note_report
from intake_app.actions.amend_report import checked
from intake_app.actions.decide_conflict import decide_conflict
from intake_app.actions.reveal_identity import note_revealed
from intake_app.auth import current_actor
from intake_app.desk.at_hand import find_report, sight, the_directory, the_node, topic_names
from intake_app.desk.deciding import LATER, OWN, SWITCH_FIELDS, Contest, contests
from intake_app.store.conflicts import count, count_merged, list_conflicts, list_merged, of_report
from intake_app.store.people import person_names
from intake_app.store.reports import Report
from sync import permission
from sync.errors import InvalidFields, Refused
from sync.limits import PRIVATE_FIELDS, TEXT_MAX

blueprint = Blueprint("conflicts", __name__)

PAGE_ROWS = 50
DECIDERS = permission.ROLES["conflict.decided"]


@blueprint.route("/conflicts")
def listed() -> str:
    """Every value that needs a decision, the oldest first, and what merged by itself."""
    start = max(0, request.args.get("after", 0, type=int))
    with the_node().database.read() as db:
        rows = list_conflicts(db, limit=PAGE_ROWS, after=start, agency=sight())
        total = count(db, sight())
        names = person_names(db, {row.by for row in rows})
        merged, merged_total = ([], 0) if the_node().is_central else (list_merged(db), count_merged(db))
    following = start + PAGE_ROWS if total > start + PAGE_ROWS else None
    return render_template(
        "desk/conflicts.html", rows=rows, names=names, following=following, total=total, merged=merged,
        merged_total=merged_total,
    )  # fmt: skip


@blueprint.route("/conflicts/<report_id>", methods=["GET", "POST"])
def one(report_id: str) -> Response | str | tuple[str, int]:
    """The open values of one report: choosing, checking, deciding."""
    report = find_report(report_id)
    if request.method == "POST" and not DECIDERS & current_actor().roles:
        raise Refused("not_allowed")
    card = _card(report)
    action = request.form.get("action", "") if request.method == "POST" else ""
    if not card or action not in ("check", "decide"):
        return _page(report, card)
    problems = _problems(report, card)
    if problems:
        return _page(report, card, problems), 422
    if all(contest.chosen == LATER for contest in card):
        flash(_("Nothing was decided; the report stays in this list."), "calm")
        return redirect(url_for("conflicts.listed"), 303)
    if action == "check":
        return render_template("desk/conflict_check.html", report=report, card=card, note=_note(), final=_final(card))
    problems = _decide(report, card)
    if problems:
        report = find_report(report_id)
        return _page(report, _card(report), problems), 422
    return redirect(_next(report_id), 303)


def _card(report: Report) -> list[Contest]:
    node = the_node()
    own = None if node.is_central else node.head.node.hex()
    return contests(of_report(report.state, report.id), own, request.form, topic_names())


def _page(report: Report, card: list[Contest], problems: dict[str, str] | None = None) -> str:
    people = {side.by for contest in card for side in contest.sides if side.by}
    if any(contest.field in PRIVATE_FIELDS for contest in card):
        note_revealed(the_node(), current_actor(), report.id, report.state)
    with the_node().database.read() as db:
        names, others = person_names(db, people), count(db, sight())
    return render_template(
        "desk/conflict.html", report=report, card=card, names=names, problems=problems or {}, note=_note(),
        more=others - len(card), may_decide=bool(DECIDERS & current_actor().roles),
    )  # fmt: skip


def _note() -> str:
    return request.form.get("note", "").strip()


def _problems(report: Report, card: list[Contest]) -> dict[str, str]:
    """What stops the decision: a value that has moved since it was shown, a typed one that does not fit, no note."""
    found: dict[str, str] = {}
    for contest in card:
        if contest.chosen == LATER:
            continue
        if request.form.get(f"seen-{contest.field}", contest.seen) != contest.seen:
            found[contest.field] = sentence("stale", {"field": contest.field})
        elif contest.chosen == OWN:
            _try(found, contest.field, lambda each=contest: _own_value(report, each))
    if not _note() and any(contest.chosen != LATER for contest in card):
        found["note"] = sentence("required")
    elif len(_note()) > TEXT_MAX:
        found["note"] = sentence("too_long", {"max": TEXT_MAX})
    return found


def _try(found: dict[str, str], field: str, act: Any) -> bool:
    try:
        act()
    except InvalidFields as invalid:
        problem = invalid.problems.get(field)
        found[field] = sentence(problem.code, problem.params) if problem else sentence(invalid.code)
    except Refused as refused:
        if refused.code == "not_allowed":
            raise
        found[field] = sentence(refused.code, refused.params)
    else:
        return True
    return False


def _own_value(report: Report, contest: Contest) -> Any:
    value = _typed(contest.field, contest.typed)
    return (
        value if contest.field == "status" else checked(the_node(), report.state, {contest.field: value})[contest.field]
    )


def _final(card: list[Contest]) -> list[tuple[Contest, Any]]:
    """What will stand, as the check page shows it."""
    return [
        (contest, _typed(contest.field, contest.typed) if contest.chosen == OWN else contest.value)
        for contest in card
        if contest.chosen != LATER
    ]


def _decide(report: Report, card: list[Contest]) -> dict[str, str]:
    """Decide field by field; one that does not go through stops no other."""
    problems: dict[str, str] = {}
    decided = sum(_try(problems, contest.field, _deciding(contest, value)) for contest, value in _final(card))
    if decided:
        note_report(the_node(), current_actor(), report.id, _("Decision: %(why)s", why=_note()))
        flash(
            ngettext(
                "%(n)s value decided. Every value stays in the history.",
                "%(n)s values decided. Every value stays in the history.",
                decided,
                n=decided,
            ),
            "good",
        )
    return problems


def _deciding(contest: Contest, value: Any) -> Any:
    return lambda: decide_conflict(
        the_node(), current_actor(), [row.id for row in contest.rows], "value", value,
        seen_current=contest.rows[0].current, has_seen=True,
    )  # fmt: skip


def _next(report_id: str) -> str:
    """The next report that needs a decision; the report itself where none does."""
    with the_node().database.read() as db:
        rows = list_conflicts(db, limit=PAGE_ROWS, agency=sight())
    other = next((row for row in rows if row.report_id.hex() != report_id), None)
    left = any(row.report_id.hex() == report_id for row in rows)
    if left or other is None:
        return url_for("conflicts.one" if left else "report.shown", report_id=report_id)
    return url_for("conflicts.one", report_id=other.report_id.hex())


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
