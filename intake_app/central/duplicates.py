"""Reports of all offices that may be about the same matter: why, and what a person makes of it. Linked, never merged."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.login import EmptyForm
from intake_app.actions.add_to_report import link_report
from intake_app.actions.find_alike import LOOKED_AT_MAX, find_alike
from intake_app.actions.keep_apart import keep_apart
from intake_app.auth import current_actor, only
from intake_app.desk.at_hand import find_report, require_whole_sight, the_node
from intake_app.navigation import DISPATCHERS
from sync import permission
from sync.errors import InvalidFields

blueprint = Blueprint("duplicates", __name__)
LINKERS = permission.ROLES["report.linked"]
RELATIONS = ("same_matter", "duplicate_of")


@blueprint.get("/dispatch/duplicates")
@only(*DISPATCHERS)
def listed() -> str:
    """The newest open reports that look like others, with these."""
    require_whole_sight()
    groups, after = find_alike(the_node(), request.args.get("after"))
    may_link = bool(LINKERS & current_actor().roles)
    return render_template(
        "central/duplicates.html",
        groups=groups,
        next=after,
        looked_at=LOOKED_AT_MAX,
        may_link=may_link,
        empty_form=EmptyForm(),
    )


@blueprint.post("/dispatch/duplicates")
@only(*LINKERS)
def decide() -> Response:
    """Link two reports, or say that they are not the same matter."""
    require_whole_sight()
    values: dict[str, Any] = request.form.to_dict()
    one, other = (find_report(values.get(name, "")).id for name in ("one", "other"))
    decision = values.get("decision", "")
    if decision in RELATIONS:
        try:
            # The later report points to the earlier one, which so becomes the parent.
            link_report(the_node(), current_actor(), one, other, decision)
            flash(_("The link is saved. The other report shows it too."), "good")
        except InvalidFields:
            flash(_("The two reports are linked in this way already."), "calm")
    else:
        keep_apart(the_node(), current_actor(), one, other)
        flash(_("Noted: these two are not the same matter. They are not shown together again."), "good")
    return redirect(url_for("duplicates.listed", after=values.get("after") or None), 303)
