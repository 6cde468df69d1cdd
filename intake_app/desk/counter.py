"""The counter: calls that make no report, who waits, and a page that leads to everything an office does beside recording.

The bar on the form of a new report is a piece of its own: with scripts it changes without the form being left.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.login import EmptyForm
from forms.period import PeriodForm
from forms.refusals import sentence
from forms.words import word
from intake_app import auth
from intake_app.actions.count_call import KINDS, UNDO_MS, count_call, undo_call
from intake_app.actions.wait_in_line import WORDS_MAX, call_next, join_line, leave_line
from intake_app.auth import current_actor
from intake_app.carry import local_path
from intake_app.clock import iso
from intake_app.desk.at_hand import now, sight, surroundings, the_node
from intake_app.exporting import harmless
from intake_app.navigation import BOOK_READERS, RECORDERS
from intake_app.store import idle_calls, waiting
from intake_app.store.people import person_names
from sync.errors import IntakeError, Refused

blueprint = Blueprint("counter", __name__)

KEY_MAX = 64
PART = "X-Part"  # a script asks for the bar alone


@blueprint.app_context_processor
def _bar() -> dict[str, object]:
    return {"counter_now": counter_now}


def counter_now() -> dict[str, Any]:
    """What the bar shows: who waits, who is with whom, the call that can still be taken back."""
    node, actor = the_node(), current_actor()
    now_ms = node.clock.now_ms()
    with node.database.read() as db:
        line = waiting.queue_of(db, iso(now_ms)[:10])
        last = idle_calls.last_of(db, actor.person, now_ms - UNDO_MS)
        names = person_names(db, {one.called_by.hex() for one in line if one.called_by})
    return {
        "kinds": [(kind, word("idle_call", kind)) for kind in KINDS],
        "waiting": [one for one in line if one.called_by is None],
        "mine": [one for one in line if one.called_by == actor.person],
        "others": [one for one in line if one.called_by not in (None, actor.person)],
        "names": names,
        "last": last,
        "words_max": WORDS_MAX,
        "key": node.entropy(16).hex(),
    }


@blueprint.get("/counter")
def overview() -> str:
    """What an office does beside recording, on one page."""
    roles = current_actor().roles
    return render_template(
        "desk/counter.html", records=bool(roles & RECORDERS), reads=bool(roles & BOOK_READERS) and sight() is None
    )


@blueprint.post("/counter/calls")
@auth.only(*RECORDERS)
def count() -> Response | str:
    """Count a call that makes no report."""
    return _done(lambda: count_call(the_node(), current_actor(), request.form.get("kind", ""), _key()))


@blueprint.post("/counter/calls/<int:no>/undo")
@auth.only(*RECORDERS)
def undo(no: int) -> Response | str:
    """Take the last call back."""
    return _done(lambda: undo_call(the_node(), current_actor(), no))


@blueprint.post("/counter/line")
@auth.only(*RECORDERS)
def join() -> Response | str:
    """Give somebody a number."""
    return _done(lambda: join_line(the_node(), current_actor(), request.form.get("words", ""), _key()))


@blueprint.post("/counter/line/<int:number>/call")
@auth.only(*RECORDERS)
def call(number: int) -> Response | str:
    """Call a number."""
    return _done(lambda: call_next(the_node(), current_actor(), number))


@blueprint.post("/counter/line/<int:number>/done")
@auth.only(*RECORDERS)
def done(number: int) -> Response | str:
    """A number is done."""
    return _done(lambda: leave_line(the_node(), current_actor(), number))


@blueprint.get("/counter/calls")
@auth.only(*RECORDERS, "administrator", "auditor")
def calls() -> str:
    """How many calls made no report, by day and person."""
    form = PeriodForm(request.args, **surroundings())
    first, last = form.period(now().date())
    with the_node().database.read() as db:
        found = idle_calls.by_day(db, first.isoformat(), last.isoformat())
        names = person_names(db, {row[1].hex() for row in found})
    return render_template(
        "desk/idle_calls.html", form=form, rows=_table(found), names=names, first=first, last=last,
        kinds=[(kind, word("idle_call", kind)) for kind in KINDS],
    )  # fmt: skip


@blueprint.get("/counter/calls.csv")
@auth.only(*RECORDERS, "administrator", "auditor")
def calls_file() -> Response:
    """The same counts as a table that Excel opens by double click."""
    first, last = PeriodForm(request.args, **surroundings()).period(now().date())
    with the_node().database.read() as db:
        found = idle_calls.by_day(db, first.isoformat(), last.isoformat())
        names = person_names(db, {row[1].hex() for row in found})
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([_("Day"), word("field", "name"), _("Calls without a case"), _("Number")])
    for day, person, kind, number in found:
        table.writerow([day, harmless(names.get(person.hex(), "")), word("idle_call", kind), number])
    name = f"idle-calls-{first}-{last}.csv"
    return Response(
        out.getvalue().encode("utf-8-sig"), mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )  # fmt: skip


def _table(found: list[tuple[str, bytes, str, int]]) -> dict[tuple[str, str], dict[str, int]]:
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for day, person, kind, number in found:
        rows.setdefault((day, person.hex()), {})[kind] = number
    return rows


def _key() -> str:
    return request.form.get("key", "")[:KEY_MAX] or the_node().entropy(16).hex()


def _done(act: Any) -> Response | str:
    """Do it, then show the bar anew: alone where a script asked, else on the page the button stood on."""
    said = ""
    if not EmptyForm().validate_on_submit():
        raise Refused("not_allowed")
    try:
        act()
    except IntakeError as problem:
        if problem.code == "not_allowed":
            raise
        said = sentence(problem.code, problem.params)
    if request.headers.get(PART):
        return render_template("desk/_counter.html", said=said)
    if said:
        flash(said, "warn")
    return redirect(local_path(request.form.get("back", "")) or url_for("intake.new"), 303)
