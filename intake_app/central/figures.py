"""The dashboard of the centre: how many reports there are, about what, where, by which way, and how they stand.

All counts come from the tally; a page counts no reports itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from forms.figures import USUAL, FiguresForm
from forms.words import word
from intake_app.auth import current_actor, only
from intake_app.central.panels import WEEKLY_FROM_DAYS, Panel, map_panel, panel_of, trend_panel
from intake_app.charts import grouped
from intake_app.desk.at_hand import language, now, require_whole_sight, surroundings, the_directory, the_node
from intake_app.navigation import FIGURE_READERS, NODE_READERS
from intake_app.presentation import agency_name, office_name
from intake_app.shown import topic_label
from intake_app.store import tally
from intake_app.store.coverage import Coverage, coverage
from intake_app.store.database import Db
from intake_app.store.figures import Figures, figures_of, line_of, trend
from intake_app.store.lists import VIEW_COUNT_MAX, ListFilter, count_views
from intake_app.store.timeliness import OPEN, OVERDUE

blueprint = Blueprint("figures", __name__)

SOON_MS = 2 * 86_400_000


@dataclass(frozen=True)
class Tile:
    """One count of today's glance."""

    text: str
    count: str
    address: str = ""
    due: bool = False


@blueprint.get("/figures")
@only(*FIGURE_READERS)
def overview() -> str:
    """Today at a glance, then a period from every side."""
    require_whole_sight()
    form = FiguresForm(request.args, **surroundings())
    today, now_ms = now().date(), the_node().clock.now_ms()
    first, last, usual = form.days(today, request.args)
    weekly = (last - first).days + 1 >= WEEKLY_FROM_DAYS
    with the_node().database.read() as db:
        mark, missing = tally.mark_of(db), coverage(db, now_ms, the_node().settings.silent_amber_hours)
        tiles = glance(db, today, now_ms, missing)
        found, steps = figures_of(db, first, last), trend(db, first, last, weekly)
    return render_template(
        "central/figures.html", grouped=grouped, may_see_nodes=bool(NODE_READERS & current_actor().roles), form=form,
        first=first, last=last, usual=usual, usuals=USUAL, counted_ms=mark.counted_ms if mark else None,
        missing=missing, tiles=tiles, found=found, panels=panels(found, first, last),
        trend=trend_panel(steps, weekly), map=_map(found, first, last), structure=_structure(last),
        structures=[structure for _start, structure in the_directory().starts],
    )  # fmt: skip


def glance(db: Db, today: date, now_ms: int, missing: Coverage) -> list[Tile]:
    """What one wants to know on coming in."""
    ever = tally.totals_ever(db)
    received = line_of(tally.daily(db, today, today).get(tally.day_span(today), {})).received
    counts = count_views(
        db,
        {
            "urgent": ListFilter(urgent=True, open=True),
            "soon": ListFilter(owed_from_ms=now_ms, owed_to_ms=now_ms + SOON_MS),
        },
    )
    day = today.strftime("%d/%m/%Y")
    overdue, open_ones = ever.get(OVERDUE, 0), ever.get(OPEN, 0)
    return [
        Tile(_("Received today"), grouped(received), url_for("lists.reports", first=day, last=day)),
        Tile(_("In progress"), grouped(open_ones + overdue), url_for("dispatch.queue")),
        Tile(_("Overdue"), grouped(overdue), url_for("lists.reports", show="overdue"), overdue > 0),
        Tile(_("Due within two days"), _bounded(counts["soon"]), url_for("lists.reports", show="soon")),
        Tile(_("Urgent and open"), _bounded(counts["urgent"]), url_for("lists.reports", show="urgent"), counts["urgent"] > 0),
        Tile(_("Silent offices"), grouped(len(missing.silent)), "", bool(missing.silent)),
    ]  # fmt: skip


def _bounded(count: int) -> str:
    return f"{VIEW_COUNT_MAX}+" if count > VIEW_COUNT_MAX else str(count)


def panels(found: Figures, first: date, last: date) -> list[Panel]:
    """The panels with bars."""
    topics, listed = the_directory().topics, _listed(first, last)
    return [
        panel_of(
            "topic", _("By topic"), word("field", "topic"), found.topics,
            lambda code: topic_label(topics[code], language(), True) if code in topics else code,
            lambda code: listed(topic=code),
        ),
        panel_of(
            "agency", _("By lead agency"), word("field", "lead_agency"), found.agencies,
            lambda code: agency_name(code) if code else _("Not routed"), lambda code: "",
        ),
        panel_of(
            "channel", _("By channel"), word("field", "channel"), found.channels,
            lambda code: word("channel", code), lambda code: listed(channel=code),
        ),
        panel_of("office", _("By office of receipt"), word("field", "office"), found.offices, office_name, lambda code: ""),
    ]  # fmt: skip


def _map(found: Figures, first: date, last: date) -> Panel:
    listed = _listed(first, last)
    return map_panel(found.units, the_directory(), _structure(last), lambda code: listed(unit=code))


def _structure(last: date) -> str:
    """The structure of the map: as asked for, or the one in force at the end of the period."""
    known = {structure for _start, structure in the_directory().starts}
    wanted = request.args.get("map", "")
    return wanted if wanted in known else the_directory().structure_on(last)


def _listed(first: date, last: date) -> Callable[..., str]:
    """Addresses of the lists of the reports that a figure counts."""
    days = urlencode({"first": first.strftime("%d/%m/%Y"), "last": last.strftime("%d/%m/%Y")})
    address = f"{url_for('lists.reports')}?{days}&"

    def listed(**narrowed: str) -> str:
        if "unit" in narrowed:
            narrowed["unit-code"] = narrowed["unit"]
        return address + urlencode(narrowed)

    return listed
