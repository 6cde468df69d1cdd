"""The computers of the offices: the list, a page for each, what it looks after, and shutting it out."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forms.enrollment import UnitsForm
from forms.login import EmptyForm
from intake_app.actions.backup_health import backup_health
from intake_app.actions.look_after import look_after
from intake_app.actions.shut_out import shut_out
from intake_app.auth import current_actor, only
from intake_app.central.silence import silence_level, thresholds
from intake_app.desk.at_hand import require_whole_sight, surroundings, the_directory, the_node
from intake_app.navigation import NODE_READERS
from intake_app.store.enrollment import list_codes, open_codes
from intake_app.store.node_pages import NodeDetails, load_details
from intake_app.store.nodes import NodeRow, list_nodes
from sync.errors import Refused
from sync.routing import scopes_of_office

blueprint = Blueprint("nodes", __name__)

MAKERS = frozenset({"administrator"})
PAGE_ROWS = 100  # a province has 600; who has been silent longest stands on the first page


@blueprint.get("/nodes")
@only(*NODE_READERS)
def listed() -> str:
    """Every node with its last contact, the longest silent first, and the open codes for whoever may make them."""
    require_whole_sight()
    node = the_node()
    now_ms = node.clock.now_ms()
    start = max(0, request.args.get("from", 0, int))
    with node.database.read() as db:
        backup = backup_health(node, db)
        every, codes = list_nodes(db), open_codes(db, now_ms)
    rows, at = every[start : start + PAGE_ROWS], start + PAGE_ROWS
    return render_template(
        "central/nodes.html", rows=rows, levels={row.id: _level(row) for row in rows}, codes=codes, backup=backup,
        may_make=bool(MAKERS & current_actor().roles), older=at if at < len(every) else None, total=len(every),
    )  # fmt: skip


@blueprint.get("/nodes/<node_id>")
@only(*NODE_READERS)
def one(node_id: str) -> str:
    """Everything about one computer, and what to do where something is wrong."""
    row, details = _find(node_id)
    with the_node().database.read() as db:
        codes = [code for code in list_codes(db) if code.used_by == row.id]
        waiting = [code for code in open_codes(db, the_node().clock.now_ms()) if code.office == row.office]
    return render_template(
        "central/node.html", row=row, details=details, level=_level(row), codes=codes, open_codes=waiting,
        limits=thresholds(current_app.extensions["settings"]), may_make=bool(MAKERS & current_actor().roles),
    )  # fmt: skip


@blueprint.route("/nodes/<node_id>/units", methods=["GET", "POST"])
@only(*MAKERS)
def units(node_id: str) -> Response | str | tuple[str, int]:
    """Say which communes a computer looks after beside its office's own."""
    row, details = _find(node_id)
    form = UnitsForm(data={"units": "; ".join(further_units(row, details))}, **surroundings())
    if form.validate_on_submit():
        try:
            look_after(the_node(), current_actor(), row.id, form.codes)
        except Refused as refused:
            if refused.code != "nothing_changed":
                raise
            flash(_("Nothing was changed."), "calm")
        else:
            flash(
                _(
                    "From its next exchange on the computer sees what lies there, and what it looks after no more leaves it."
                ),
                "good",
            )
        return redirect(url_for("nodes.one", node_id=node_id), 303)
    page = render_template("central/node_units.html", row=row, form=form)
    return (page, 422) if form.errors else page


@blueprint.route("/nodes/<node_id>/revoke", methods=["GET", "POST"])
@only(*MAKERS)
def revoke(node_id: str) -> Response | str:
    """Shut a computer out, as when it was stolen; it is said first what that does."""
    row, details = _find(node_id)
    if EmptyForm().validate_on_submit():
        shut_out(the_node(), current_actor(), row.id)
        flash(_("The computer is shut out. What it still sends is kept apart; a new code lets it in again."), "good")
        return redirect(url_for("nodes.one", node_id=node_id), 303)
    return render_template("central/node_revoke.html", row=row, details=details)


def further_units(row: NodeRow, details: NodeDetails) -> list[str]:
    """The units a computer looks after beside its office's own."""
    office = the_directory().offices[row.office]
    own = scopes_of_office(office.number, office.unit, office.agency or "")
    return [scope.removeprefix("unit:") for scope in details.scopes if scope.startswith("unit:") and scope not in own]


def _find(text: str) -> tuple[NodeRow, NodeDetails]:
    require_whole_sight()
    with the_node().database.read() as db:
        row = next((each for each in list_nodes(db) if each.id.hex() == text), None)
        if row is None:
            raise Refused("no_such_node", node=text[:40])
        return row, load_details(db, row.no, row.id)


def _level(row: NodeRow) -> str:
    limits = thresholds(current_app.extensions["settings"])
    return silence_level(row.last_seen_ms, the_node().clock.now_ms(), limits, row.enrolled_ms)
