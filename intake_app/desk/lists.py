"""The list of reports with its filters, a page at a time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from forms.search import FilterForm
from intake_app.auth import current_actor
from intake_app.desk.at_hand import sight, surroundings, the_directory, the_node, topic_names
from intake_app.store.lists import COUNT_MAX, ListFilter, list_reports

blueprint = Blueprint("lists", __name__)


@blueprint.route("/reports")
def reports() -> str:
    """The reports this installation holds, newest first."""
    form = FilterForm(request.args, topic_names=topic_names(), **surroundings())
    form.validate()  # a filter that does not fit is shown beside its field and narrows nothing
    with the_node().database.read() as db:
        page = list_reports(db, _wanted(form), after=request.args.get("after"))
    return render_template("desk/reports.html", form=form, page=page, count_max=COUNT_MAX)


def _wanted(form: FilterForm) -> ListFilter:
    shown = form.show.data
    values: dict[str, Any] = {
        key: form[key].data for key in ("topic", "urgency", "channel") if form[key].data and not form[key].errors
    }
    if form.unit.data:
        values["units"] = tuple(the_directory().descendants(form.unit.data))
    if form.status.data and not form.status.errors:
        values["statuses"] = (form.status.data,)
    return ListFilter(
        agency=sight(),
        mine=current_actor().person if shown == "mine" else None,
        waiting=shown == "waiting",
        conflicts=shown == "conflicts",
        refused=shown == "refused",
        awaiting_told=shown == "untold",
        **values,
    )
