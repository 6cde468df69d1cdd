"""Who may open which page and press which button: one line for each address of the program, for both kinds of installation.

A new page has to be entered here, with the roles that may GET it and those that may POST to it; the walk is test_access.py.
"""

from __future__ import annotations

from sync.workflow import ROLES

EVERYBODY = frozenset(ROLES)
PUBLIC = None  # also without anybody signed in
NOBODY: frozenset[str] = frozenset()
ADMINISTRATOR = frozenset({"administrator"})
AUDITOR = frozenset({"auditor"})
WORKING = EVERYBODY - AUDITOR
INTAKE = frozenset({"intake_officer", "commune_officer", "operator"})
HANDLER = frozenset({"case_handler"})
DISPATCHER = frozenset({"dispatcher"})
APPROVER = frozenset({"approver"})
EDITORS = INTAKE | HANDLER | DISPATCHER
BOOKS = INTAKE | DISPATCHER | APPROVER | ADMINISTRATOR | AUDITOR
CATALOGUE = DISPATCHER | ADMINISTRATOR
OVERSEERS = DISPATCHER | ADMINISTRATOR | AUDITOR
INBOX = OVERSEERS | {"operator"}

Access = tuple[frozenset[str] | None, frozenset[str] | None]


def seen_by(*roles: str) -> Access:
    """A page that only shows; nothing is sent to it."""
    return frozenset(roles) or EVERYBODY, NOBODY


def pressed_by(roles: frozenset[str]) -> Access:
    """A button, or a door of a script."""
    return NOBODY, roles


def form_for(roles: frozenset[str]) -> Access:
    """A page with a form on it."""
    return roles, roles


ANYWHERE: dict[str, Access] = {
    "agency.queue": seen_by(*HANDLER, *APPROVER),
    "audit.listed": seen_by(*ADMINISTRATOR, *AUDITOR),
    "audit.file": seen_by(*ADMINISTRATOR, *AUDITOR),
    "bootstrap.static": (PUBLIC, NOBODY),
    "calls.listed": seen_by(*INTAKE, *AUDITOR),
    "calls.result": pressed_by(INTAKE),
    "calls.reveal": pressed_by(INTAKE),
    "conflicts.listed": seen_by(),
    "conflicts.one": (EVERYBODY, EDITORS | APPROVER),
    "contacts.directory": (EVERYBODY, ADMINISTRATOR),
    "contacts.remove": pressed_by(ADMINISTRATOR),
    "counter.overview": seen_by(),
    "counter.calls": seen_by(*INTAKE, *ADMINISTRATOR, *AUDITOR),
    "counter.calls_file": seen_by(*INTAKE, *ADMINISTRATOR, *AUDITOR),
    "counter.call": pressed_by(INTAKE),
    "counter.count": pressed_by(INTAKE),
    "counter.done": pressed_by(INTAKE),
    "counter.join": pressed_by(INTAKE),
    "counter.undo": pressed_by(INTAKE),
    "drafts.listed": seen_by(*INTAKE),
    "drafts.back": pressed_by(INTAKE),
    "drafts.discard": pressed_by(INTAKE),
    "drafts.keep": pressed_by(INTAKE),
    "guide.help_page": seen_by(),
    "guide.keys": pressed_by(EVERYBODY),
    "health.healthz": (PUBLIC, NOBODY),
    "health.still_here": pressed_by(EVERYBODY),
    "health.sync_status": seen_by(),
    "hints.hints": pressed_by(INTAKE),
    "intake.start": seen_by(),
    "intake.new": form_for(INTAKE),
    "intake.questions": seen_by(*INTAKE),
    "intake.saved": seen_by(),
    "library.hints": seen_by(),
    "library.listed": seen_by(),
    "library.shown": seen_by(),
    "linking.link": form_for(INTAKE | DISPATCHER),
    "lists.reports": seen_by(),
    "paper.blank": form_for(INTAKE),
    "paper.blank_sheets": seen_by(*INTAKE),
    "paper.spoil": pressed_by(INTAKE),
    "paper.copy": seen_by(),
    "paper.guidance": seen_by(),
    "paper.make_copy": pressed_by(WORKING),
    "paper.register": seen_by(*BOOKS),
    "paper.reply": seen_by(),
    "paper.tracking": seen_by(*BOOKS),
    "paper.transfer": seen_by(),
    "receipt.receipt": seen_by(),
    "relay.relay": form_for(INTAKE),
    "report.shown": seen_by(),
    "report.amend": form_for(EDITORS),
    "report.call": form_for(INTAKE),
    "report.extend": form_for(APPROVER | DISPATCHER),
    "report.inform": form_for(INTAKE),
    "report.note": form_for(WORKING),
    "urging.urge": form_for(DISPATCHER),
    "report.pause": form_for(HANDLER | DISPATCHER),
    "report.resume": form_for(HANDLER | DISPATCHER),
    "search.search": seen_by(),
    "sent_back.listed": seen_by(),
    "sent_back.settle": form_for(EDITORS),
    "settings.own": seen_by(),
    "settings.own_password": pressed_by(EVERYBODY),
    "settings.shown": seen_by(),
    "settings.backup": pressed_by(ADMINISTRATOR),
    "settings.language": pressed_by(ADMINISTRATOR),
    "settings.test_restore": pressed_by(ADMINISTRATOR),
    "shift.give": form_for(INTAKE),
    "shift.listed": seen_by(*BOOKS),
    "shift.one": seen_by(*BOOKS),
    "sign_in.sign_in": (PUBLIC, PUBLIC),
    "sign_in.sign_out": (NOBODY, PUBLIC),
    "static": (PUBLIC, NOBODY),
    "steps.step": form_for(INTAKE | DISPATCHER),  # of the step "verify"; each step's roles: tests/sync/test_workflow.py
    "switch.person": form_for(EVERYBODY),
    "units.found": seen_by(),
    "users.listed": form_for(ADMINISTRATOR),
    "users.end": form_for(ADMINISTRATOR),
    "users.password": form_for(ADMINISTRATOR),
    "users.roles": form_for(ADMINISTRATOR),
    "half_typed.keep": pressed_by(EVERYBODY),
    "half_typed.forget": pressed_by(EVERYBODY),
    "report.rate": form_for(frozenset({"operator"})),
    "claims.claim": pressed_by(HANDLER | DISPATCHER | APPROVER),
    "claims.release": pressed_by(HANDLER | DISPATCHER | APPROVER),
    "claims.over": form_for(HANDLER | DISPATCHER | APPROVER),
    "publicity.publicity": form_for(DISPATCHER | APPROVER),
    "publicity.withdraw": form_for(DISPATCHER | APPROVER),
    "users.give": form_for(ADMINISTRATOR),
}
OFFICE: dict[str, Access] = {
    "refused.one": seen_by(),
    "refused.repair": pressed_by(WORKING),
    "refused.dismiss": pressed_by(WORKING),
    "sync.queue": seen_by(),
    "sync.connect": form_for(ADMINISTRATOR),
    "sync.now": pressed_by(EVERYBODY),
}
CENTRE: dict[str, Access] = {
    "batches.listed": seen_by(*INBOX),
    "batches.one": seen_by(*INBOX),
    "batches.look": pressed_by(INBOX - AUDITOR),
    "catalogue.listed": seen_by(*CATALOGUE, *AUDITOR),
    "catalogue.history": seen_by(*CATALOGUE, *AUDITOR),
    "catalogue.new": form_for(CATALOGUE),
    "catalogue.edit": form_for(CATALOGUE),
    "catalogue.retire": form_for(CATALOGUE),
    "catalogue.load_samples": pressed_by(CATALOGUE),
    "calendars.listed": seen_by(*CATALOGUE, *AUDITOR),
    "calendars.history": seen_by(*CATALOGUE, *AUDITOR),
    "calendars.new": form_for(CATALOGUE),
    "calendars.edit": form_for(CATALOGUE),
    "calendars.retire": form_for(CATALOGUE),
    "calendars.take_over_shipped": pressed_by(CATALOGUE),
    "deadline_rules.listed": seen_by(*CATALOGUE, *AUDITOR),
    "deadline_rules.history": seen_by(*CATALOGUE, *AUDITOR),
    "deadline_rules.new": form_for(CATALOGUE),
    "deadline_rules.edit": form_for(CATALOGUE),
    "deadline_rules.retire": form_for(CATALOGUE),
    "deadline_rules.take_over_shipped": pressed_by(CATALOGUE),
    "topics.listed": seen_by(*CATALOGUE, *AUDITOR),
    "topics.history": seen_by(*CATALOGUE, *AUDITOR),
    "topics.new": form_for(CATALOGUE),
    "topics.edit": form_for(CATALOGUE),
    "topics.retire": form_for(CATALOGUE),
    "agencies.listed": seen_by(*CATALOGUE, *AUDITOR),
    "agencies.history": seen_by(*CATALOGUE, *AUDITOR),
    "agencies.new": form_for(CATALOGUE),
    "agencies.edit": form_for(CATALOGUE),
    "agencies.retire": form_for(CATALOGUE),
    "offices.listed": seen_by(*CATALOGUE, *AUDITOR),
    "offices.history": seen_by(*CATALOGUE, *AUDITOR),
    "offices.new": form_for(ADMINISTRATOR),
    "offices.edit": form_for(ADMINISTRATOR),
    "offices.retire": form_for(ADMINISTRATOR),
    "territory.listed": seen_by(*CATALOGUE, *AUDITOR),
    "territory.history": seen_by(*CATALOGUE, *AUDITOR),
    "territory.new": form_for(ADMINISTRATOR),
    "territory.edit": form_for(ADMINISTRATOR),
    "territory.retire": form_for(ADMINISTRATOR),
    "structures.listed": seen_by(*CATALOGUE, *AUDITOR),
    "structures.history": seen_by(*CATALOGUE, *AUDITOR),
    "structures.new": form_for(ADMINISTRATOR),
    "structures.edit": form_for(ADMINISTRATOR),
    "structures.retire": form_for(ADMINISTRATOR),
    "reorganisation.new": form_for(ADMINISTRATOR),
    "overdue.listed": seen_by(*INBOX, *APPROVER),
    "overdue.urge": pressed_by(DISPATCHER),
    "codes.new_code": (ADMINISTRATOR, NOBODY),
    "codes.make_code": pressed_by(ADMINISTRATOR),
    "codes.revoke_code": pressed_by(ADMINISTRATOR),
    "dispatch.queue": seen_by(*INBOX, *APPROVER),
    "exchange.enroll_once": (NOBODY, PUBLIC),  # machines: each proves itself by a signature or a code
    "exchange.exchange_once": (NOBODY, PUBLIC),
    "home.overview": seen_by(),
    "nodes.listed": seen_by(*OVERSEERS),
    "nodes.one": seen_by(*OVERSEERS),
    "nodes.revoke": form_for(ADMINISTRATOR),
    "nodes.units": form_for(ADMINISTRATOR),
    "people.listed": seen_by(*OVERSEERS),
    "people.change": form_for(ADMINISTRATOR),
    "people.end": form_for(ADMINISTRATOR),
    "sending_back.ask": form_for(DISPATCHER | {"operator"}),
    "dispatch.reroute": pressed_by(DISPATCHER),
    "bulk.route": form_for(DISPATCHER),
    "sharing.share": form_for(DISPATCHER | APPROVER),
    "duplicates.listed": seen_by(*INBOX, *APPROVER),
    "duplicates.decide": pressed_by(INTAKE | DISPATCHER),
    "duty.sheet": seen_by(*INBOX, *APPROVER),
    "public.listed": seen_by(*INBOX, *APPROVER),
    "public.file": seen_by(*INBOX, *APPROVER),
    "alerts.piece": seen_by(*DISPATCHER),
    "alerts.seen": pressed_by(DISPATCHER),
    "rules.listed": seen_by(*CATALOGUE, *AUDITOR),
    "rules.try_out": seen_by(*CATALOGUE, *AUDITOR),
    "rules.history": seen_by(*CATALOGUE, *AUDITOR),
    "rules.new": form_for(CATALOGUE),
    "rules.edit": form_for(CATALOGUE),
    "rules.retire": form_for(CATALOGUE),
    "rules.load_samples": pressed_by(CATALOGUE),
    "figures.overview": seen_by(*INBOX),
    "bulletins.listed": seen_by(*INBOX),
    "bulletins.preview": seen_by(*INBOX),
    "bulletins.one": seen_by(*INBOX),
    "bulletins.file": seen_by(*INBOX),
    "bulletins.issue": pressed_by(CATALOGUE),
    "exports.listed": seen_by(*OVERSEERS),
    "exports.progress": seen_by(*OVERSEERS),
    "exports.file": seen_by(*OVERSEERS),
    "exports.ask": pressed_by(OVERSEERS),
    "exports.end": pressed_by(OVERSEERS),
}
TABLES: dict[str, dict[str, Access]] = {"office": ANYWHERE | OFFICE, "central": ANYWHERE | CENTRE}
