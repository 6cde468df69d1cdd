"""The list of reports: the views people work by, filters beside them, a page at a time. All of it stands in the address."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, current_app, render_template, request

from forms.search import VIEWS, FilterForm
from intake_app.auth import current_actor
from intake_app.clock import PROVINCE_ZONE, iso
from intake_app.desk.at_hand import sight, surroundings, the_directory, the_node, topic_names
from intake_app.desk.rows import shown_rows
from intake_app.store.lists import COUNT_MAX, VIEW_COUNT_MAX, ListFilter, count_views, list_reports

blueprint = Blueprint("lists", __name__)

OF_OFFICES = frozenset({"waiting", "refused"})  # the centre sends nothing to itself
UNCOUNTED = frozenset({"all", "mine"})  # what is in them is no task
BY_DEADLINE = frozenset({"overdue", "soon"})


@blueprint.route("/reports")
def reports() -> str:
    """The reports this installation holds, in the view and order asked for."""
    form = FilterForm(request.args, topic_names=topic_names(), **surroundings())
    form.validate()  # a filter that does not fit is shown beside its field and narrows nothing
    views = _views(the_node().clock.now_ms())
    chosen = request.args.get("show", "all")
    chosen = chosen if chosen in views else "all"
    sort = _sort(form, chosen)
    narrowed = _narrowed(form)
    with the_node().database.read() as db:
        page = list_reports(db, ListFilter(**views[chosen] | narrowed), request.args.get("after"), sort=sort)
        counts = count_views(db, {code: ListFilter(**view) for code, view in views.items() if code not in UNCOUNTED})
    return render_template(
        "desk/reports.html", form=form, page=page, lines=shown_rows(page.rows, iso(the_node().clock.now_ms())),
        views=[code for code in VIEWS if code in views], names=VIEWS, chosen=chosen, counts=counts,
        count_max=COUNT_MAX, view_count_max=VIEW_COUNT_MAX, narrowed=len(narrowed), sort=sort,
        drafts="drafts.listed" in current_app.view_functions,
    )  # fmt: skip


def _views(now_ms: int) -> dict[str, dict[str, Any]]:
    """What each view is narrowed to for this person on this machine."""
    node, actor, agency = the_node(), current_actor(), sight()
    own = the_directory().offices[node.head.office].agency
    views: dict[str, dict[str, Any]] = {
        "all": {},
        "mine": {"mine": actor.person},
        "here": {"agency": own, "open": True},
        "overdue": {"owed_to_ms": now_ms},
        "soon": {"owed_from_ms": now_ms, "near_ms": now_ms},
        "urgent": {"urgent": True, "open": True},
        "calls": {"awaiting_call": node.head.office},
        "conflicts": {"conflicts": True},
        "sent_back": {"sent_back": True} | ({} if node.is_central else {"office": node.head.office}),
        "waiting": {"waiting": True},
        "refused": {"refused": True},
    }
    if not own or agency is not None:
        del views["here"]
    if node.is_central:
        views = {code: view for code, view in views.items() if code not in OF_OFFICES}
    return {code: {"agency": agency} | view for code, view in views.items()} if agency else views


def _sort(form: FilterForm, chosen: str) -> str:
    if request.args.get("sort") and not form.sort.errors:
        return str(form.sort.data)
    form.sort.data = "deadline" if chosen in BY_DEADLINE else "newest"
    return form.sort.data


def _narrowed(form: FilterForm) -> dict[str, Any]:
    """What the filters narrow the view to."""
    values: dict[str, Any] = {
        key: form[key].data for key in ("topic", "urgency", "channel") if form[key].data and not form[key].errors
    }
    if form.unit.data:
        values["units"] = tuple(the_directory().descendants(form.unit.data))
    if form.status.data and not form.status.errors:
        values["statuses"] = (form.status.data,)
    if form.first.data and not form.first.errors:
        values["received_from_ms"] = midnight_ms(form.first.data)
    if form.last.data and not form.last.errors:
        values["received_to_ms"] = midnight_ms(form.last.data, days=1)
    return values


def midnight_ms(day: str, days: int = 0) -> int:
    """The first moment of a day in the province, or of so many days later."""
    start = datetime.combine(date.fromisoformat(day) + timedelta(days), time(), PROVINCE_ZONE)
    return round(start.timestamp() * 1000)
