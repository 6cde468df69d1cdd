"""The menu of each role: which pages stand in it, for whom, and which key opens them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app, request

from forms.words import N_

RECORDERS = frozenset({"intake_officer", "commune_officer", "operator"})
CALLERS = RECORDERS | {"auditor"}
# Whose the pages of the centre are; the menu and the pages themselves go by the same sets.
DISPATCHERS = frozenset({"dispatcher", "operator", "approver", "administrator", "auditor"})
HANDLERS = frozenset({"case_handler", "approver"})
BATCH_READERS = frozenset({"dispatcher", "operator", "administrator", "auditor"})
CATALOGUE_READERS = frozenset({"dispatcher", "administrator", "auditor"})
BOOK_READERS = RECORDERS | {"administrator", "dispatcher", "approver", "auditor"}  # registers and hand-overs
QUERY_READERS = RECORDERS | {"case_handler", "dispatcher", "approver", "administrator", "auditor"}
PEOPLE_READERS = frozenset({"dispatcher", "administrator", "auditor"})
AUDIT_READERS = frozenset({"administrator", "auditor"})
NODE_READERS = frozenset({"dispatcher", "administrator", "auditor"})
FIGURE_READERS = frozenset({"dispatcher", "operator", "administrator", "auditor"})
EXPORTERS = frozenset({"dispatcher", "administrator", "auditor"})


@dataclass(frozen=True)
class Entry:
    """One page of the menu; without roles it is for everybody."""

    endpoint: str
    text: str
    key: str = ""
    roles: frozenset[str] = frozenset()
    more: bool = False  # behind "More": what is not needed on the telephone, or the bars below lead to


DESK = (
    Entry("intake.new", N_("New report"), "F2", RECORDERS),
    Entry("lists.reports", N_("List")),
    Entry("search.search", N_("Search")),
    Entry("library.listed", N_("Answers"), "F9"),
    Entry("counter.overview", N_("Counter"), more=True),
    Entry("sent_back.listed", N_("Sent back"), roles=QUERY_READERS, more=True),
    Entry("calls.listed", N_("Call back"), roles=CALLERS),
    Entry("agency.queue", N_("My agency"), roles=HANDLERS),
)
OFFICE = (
    Entry("sync.queue", N_("Sync")),
    Entry("conflicts.listed", N_("Conflicts"), more=True),
)
OVERVIEW = (Entry("home.overview", N_("Overview")),)
CENTRAL = (
    Entry("dispatch.queue", N_("Dispatch"), roles=DISPATCHERS),
    Entry("overdue.listed", N_("Deadlines"), roles=DISPATCHERS),
    Entry("catalogue.listed", N_("Catalogues"), roles=CATALOGUE_READERS, more=True),
    Entry("public.listed", N_("Publicity"), roles=DISPATCHERS, more=True),
    Entry("figures.overview", N_("Figures"), roles=FIGURE_READERS, more=True),
    Entry("bulletins.listed", N_("Bulletins"), roles=FIGURE_READERS, more=True),
    Entry("exports.listed", N_("Exports"), roles=EXPORTERS, more=True),
    Entry("batches.listed", N_("Batches"), roles=BATCH_READERS, more=True),
    Entry("nodes.listed", N_("Computers"), roles=NODE_READERS, more=True),
    Entry("people.listed", N_("People"), roles=PEOPLE_READERS, more=True),
    Entry("conflicts.listed", N_("Conflicts"), more=True),
)
# What the centre publishes for every computer; who adds a page of this kind adds it here, and it has its place beside the others.
CATALOGUES = (
    Entry("catalogue.listed", N_("Answers"), roles=CATALOGUE_READERS),
    Entry("rules.listed", N_("Routing rules"), roles=CATALOGUE_READERS),
    Entry("calendars.listed", N_("Calendars"), roles=CATALOGUE_READERS),
    Entry("deadline_rules.listed", N_("Deadline rules"), roles=CATALOGUE_READERS),
    Entry("topics.listed", N_("Topics"), roles=CATALOGUE_READERS),
    Entry("agencies.listed", N_("Agencies"), roles=CATALOGUE_READERS),
    Entry("offices.listed", N_("Offices"), roles=CATALOGUE_READERS),
    Entry("territory.listed", N_("Units"), roles=CATALOGUE_READERS),
    Entry("structures.listed", N_("Structures"), roles=CATALOGUE_READERS),
)
LAST = (
    Entry("guide.help_page", N_("Help"), "F1"),
    Entry("settings.own", N_("My account"), more=True),
    Entry("users.listed", N_("Accounts"), roles=frozenset({"administrator"}), more=True),
    Entry("audit.listed", N_("Audit"), roles=AUDIT_READERS, more=True),
    Entry("settings.shown", N_("Settings"), more=True),
)
MENUS = {"office": DESK + OFFICE + LAST, "central": OVERVIEW + DESK + CENTRAL + LAST}


def menu(roles: Collection[str]) -> list[tuple[Entry, bool]]:
    """The entries for somebody with these roles, each with whether it is the page being shown."""
    entries = MENUS[current_app.extensions["settings"].role]
    shown = [entry for entry in entries if not entry.roles or entry.roles & set(roles)]
    return [(entry, entry.endpoint == request.endpoint) for entry in shown]


def catalogues(roles: Collection[str]) -> list[tuple[Entry, bool]]:
    """The pages of what the centre publishes that somebody with these roles sees, each with whether it is shown now."""
    room = (request.endpoint or "").partition(".")[0]
    return [(entry, entry.endpoint.partition(".")[0] == room) for entry in CATALOGUES if entry.roles & set(roles)]
