"""Which pages and which doors for machines an installation has, imported per role: an office loads nothing of the centre."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from intake_app.extensions import csrf

SETUP = ("intake_app.desk.setup",)
DESK = (
    "intake_app.desk.health",
    "intake_app.desk.sign_in",
    "intake_app.desk.intake",
    "intake_app.desk.drafts",
    "intake_app.desk.half_typed",
    "intake_app.desk.hints",
    "intake_app.desk.relay",
    "intake_app.desk.units",
    "intake_app.desk.lists",
    "intake_app.desk.search",
    "intake_app.desk.library",
    "intake_app.desk.report",
    "intake_app.desk.urging",
    "intake_app.desk.steps",
    "intake_app.desk.paper",
    "intake_app.desk.counter",
    "intake_app.desk.shift",
    "intake_app.desk.switch",
    "intake_app.desk.contacts",
    "intake_app.desk.linking",
    "intake_app.desk.sent_back",
    "intake_app.desk.claims",
    "intake_app.desk.publicity",
    "intake_app.desk.calls",
    "intake_app.desk.agency",
    "intake_app.desk.receipt",
    "intake_app.desk.conflicts",
    "intake_app.desk.users",
    "intake_app.desk.audit",
    "intake_app.desk.settings",
    "intake_app.desk.guide",
)
OFFICE = ("intake_app.desk.sync", "intake_app.desk.refused")
CENTRAL = (
    "intake_app.central.home",
    "intake_app.central.public",
    "intake_app.central.dispatch",
    "intake_app.central.bulk",
    "intake_app.central.sharing",
    "intake_app.central.duplicates",
    "intake_app.central.duty",
    "intake_app.central.alerts",
    "intake_app.central.rules",
    "intake_app.central.batches",
    "intake_app.central.nodes",
    "intake_app.central.codes",
    "intake_app.central.people",
    "intake_app.central.catalogue",
    "intake_app.central.reorganisation",
    "intake_app.central.reference",
    "intake_app.central.calendars",
    "intake_app.central.deadline_rules",
    "intake_app.central.overdue",
    "intake_app.central.sending_back",
    "intake_app.central.figures",
    "intake_app.central.bulletins",
    "intake_app.central.exports",
)
# Doors for other programs: they have no session, so they take no form token either; each checks a signature itself.
MACHINES = {"office": (), "central": ("intake_app.api.exchange",)}
PAGES = {None: SETUP, "office": DESK + OFFICE, "central": DESK + CENTRAL}


def attach(app: Flask, role: str | None) -> None:
    """Register the `blueprint` of each module that this role has."""
    app.extensions["machines"] = set()
    for name in PAGES[role]:
        module = import_module(name)
        for room in getattr(module, "ROOMS", None) or [module.blueprint]:  # pages of one shape for several kinds of things
            app.register_blueprint(room)
    for name in MACHINES.get(role, ()):
        blueprint = import_module(name).blueprint
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
        app.extensions["machines"].add(blueprint.name)
    if role == "central":
        import_module("intake_app.api.gate").guard(app)
