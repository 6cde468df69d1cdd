"""The books an office keeps, printed for a period: the register of receptions and the register of what became of reports.

The columns of the first are those of Mẫu số 03 of Thông tư 04/2021/TT-TTCP, in its order; it holds who came to the counter.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import render_template, request
from flask_babel import force_locale
from markupsafe import Markup

from forms.period import PeriodForm
from forms.words import word
from intake_app.clock import PROVINCE_ZONE
from intake_app.desk.at_hand import now, require_whole_sight, surroundings, the_directory, the_node
from intake_app.desk.clock_face import due_at
from intake_app.desk.drawing import OFFICIAL
from intake_app.desk.letterhead import dated, letterhead
from intake_app.store.deadlines import terms_of
from intake_app.store.registers import ROWS_MAX, Entry, entries
from sync.deadline import Terms

GUIDED = frozenset({"guided", "rejected"})
ENDING = frozenset({"answer", "approve", "reject", "guide", "close"})


def book(name: str, channel: str | None) -> str:
    """A book of the days asked for, in the page that prints it."""
    require_whole_sight()
    form = PeriodForm(request.args, **surroundings())
    first, last = form.period(now().date())
    with the_node().database.read() as db:
        found = entries(db, the_node().head.office, _midnight(first), _midnight(last + timedelta(days=1)), channel)
        terms = terms_of(db)
    with force_locale(OFFICIAL):
        drawn = Markup(_drawn(name, found[:ROWS_MAX], first, last, terms))  # our own template, escaped there
    return render_template(
        "paper/book.html", size="a4-wide", book=name, title=word("paper", name), form=form, drawn=drawn,
        empty=not found, cut=ROWS_MAX if len(found) > ROWS_MAX else 0,
    )  # fmt: skip


def _drawn(name: str, found: list[Entry], first: date, last: date, terms: Terms) -> str:
    office = the_directory().offices[the_node().head.office]
    return render_template(
        f"paper/{name}.html", rows=[row_of(one, office.agency, terms) for one in found], office=office, first=first, last=last,
        head=letterhead(the_directory(), office.number), signed=dated(the_node().clock.now_ms()), paper_language=OFFICIAL,
    )  # fmt: skip


def row_of(entry: Entry, own: str | None, terms: Terms) -> dict[str, Any]:
    """What a book says of one report; a secret identity stands in none."""
    state, reporter = entry.state, entry.state.get("reporter", {})
    ended = [each["at"] for each in state.get("history", ()) if each.get("step") in ENDING]
    sent_to = state.get("lead_agency")
    return {
        "state": state,
        "due": due_at(state, terms),
        "reporter": {} if state.get("confidential") else reporter,
        "answered": state.get("answer", {}).get("at") or (ended[-1] if ended else None),
        "told": max((each["at"] for each in state.get("informed", ())), default=None),
        "guided": state["status"] in GUIDED,
        "sent_to": sent_to if sent_to != own else None,
        "kept": state["status"] not in GUIDED and sent_to in (None, own),
    }


def _midnight(day: date) -> int:
    return round(datetime.combine(day, time(), PROVINCE_ZONE).timestamp() * 1000)
