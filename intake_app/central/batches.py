"""The batch inbox: what came from each office, what became of every entry, and who has seen to what needed attention."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from forms.batches import InboxForm
from intake_app.actions.look_at_batches import LOOKERS, look_at_batches
from intake_app.auth import current_actor, only
from intake_app.carry import local_path
from intake_app.central.silence import silence_level, thresholds
from intake_app.clock import PROVINCE_ZONE
from intake_app.desk.at_hand import require_whole_sight, surroundings, the_node
from intake_app.navigation import BATCH_READERS
from intake_app.presentation import office_name
from intake_app.store.batches import LINES_MAX, BatchFilter, count_attention, list_batches, load_batch
from intake_app.store.nodes import NodeRow, list_nodes
from intake_app.store.people import person_names
from sync import permission
from sync.errors import Refused

blueprint = Blueprint("batches", __name__)

PAGE_ROWS = 50
CHOSEN_MAX = 200  # more than a page shows
COMPUTERS_MAX = 30  # beside the batches; the page of computers has all
SHOWS = ("attention", "all")


@blueprint.get("/batches")
@only(*BATCH_READERS)
def listed() -> str:
    """The batches, newest first; those that need attention unless all are asked for."""
    require_whole_sight()
    show = request.args.get("show", SHOWS[0])
    if show not in SHOWS:
        abort(404)
    with the_node().database.read() as db:
        nodes = list_nodes(db)
        form = _form(nodes)
        # One row more than shown tells whether there is a next page, without counting a table that only grows.
        rows = list_batches(db, _filter(form, show == "attention"), PAGE_ROWS + 1)
        waiting, names = count_attention(db), person_names(db, [row.looked_by.hex() for row in rows if row.looked_by])
    silent, others = _by_silence(nodes)
    return render_template(
        "central/batches.html", rows=rows[:PAGE_ROWS], older=rows[PAGE_ROWS - 1].no if len(rows) > PAGE_ROWS else None,
        show=show, form=form, silent=silent, others=others, waiting=waiting, names=names,
        may_look=bool(LOOKERS & current_actor().roles), narrowed=bool(form.node.data or form.day.data),
        computers_max=COMPUTERS_MAX,
    )  # fmt: skip


@blueprint.get("/batches/<int:no>")
@only(*BATCH_READERS)
def one(no: int) -> str:
    """One batch with the outcome of each entry in words."""
    require_whole_sight()
    loud = request.args.get("only") == "loud"
    with the_node().database.read() as db:
        batch = load_batch(db, no, _number("after") or 0, loud, LINES_MAX + 1)
        names = person_names(db, [batch.looked_by.hex()]) if batch and batch.looked_by else {}
    if batch is None:
        raise Refused("no_such_batch")
    more = batch.lines[LINES_MAX - 1].seq if len(batch.lines) > LINES_MAX else None
    roles = current_actor().roles
    return render_template(
        "central/batch.html", batch=batch, lines=batch.lines[:LINES_MAX], more=more, loud=loud, names=names,
        may_look=bool(LOOKERS & roles), may_send_back=bool(permission.ROLES["report.queried"] & roles),
    )  # fmt: skip


@blueprint.post("/batches/looked-at")
@only(*LOOKERS)
def look() -> Response:
    """Note that somebody saw to the batches chosen, or that they need attention again."""
    require_whole_sight()
    chosen = [int(no) for no in request.form.getlist("batch") if no.isascii() and no.isdigit() and len(no) < 19]
    back = redirect(local_path(request.form.get("back", "")), 303)
    if not chosen or len(chosen) > CHOSEN_MAX:
        flash(_("Choose at least one batch first. Nothing was changed."), "warn")
        return back
    done = request.form.get("action") != "again"
    changed = look_at_batches(the_node(), current_actor(), chosen, done)
    if done:
        flash(_("Marked as looked at: %(n)s.", n=changed), "good")
    else:
        flash(_("The batch stands among those that need attention again."), "good")
    return back


def _filter(form: InboxForm, attention: bool) -> BatchFilter:
    start = end = None
    if form.day.data and not form.day.errors:
        first = datetime.combine(date.fromisoformat(form.day.data), time(), PROVINCE_ZONE)
        start, end = (round((first + timedelta(days)).timestamp() * 1000) for days in (0, 1))
    node = bytes.fromhex(form.node.data) if form.node.data else None
    return BatchFilter(attention, node, start, end, _number("before"))


def _form(nodes: Sequence[NodeRow]) -> InboxForm:
    offered = [(row.id.hex(), f"{office_name(row.office)} {row.id.hex()[:8]}") for row in nodes]
    form = InboxForm(request.args, computers=sorted(offered, key=lambda one: one[1]), **surroundings())
    form.validate()  # a day that is none is shown beside its field and narrows nothing
    return form if not form.node.errors else abort(404)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        abort(404)
    return int(text) if text else None


def _by_silence(nodes: Sequence[NodeRow]) -> tuple[list[tuple[NodeRow, str]], list[tuple[NodeRow, str]]]:
    """Who is expected and silent, the longest first, and the others; whoever is shut out is not expected."""
    now_ms, limits = the_node().clock.now_ms(), thresholds(current_app.extensions["settings"])
    expected = sorted(
        (row for row in nodes if row.revoked_ms is None), key=lambda row: row.last_seen_ms or row.enrolled_ms
    )
    levels = [(row, silence_level(row.last_seen_ms, now_ms, limits, row.enrolled_ms)) for row in expected]
    silent = [each for each in levels if each[1] in ("red", "amber")]
    return silent, [each for each in levels if each[1] not in ("red", "amber")]
