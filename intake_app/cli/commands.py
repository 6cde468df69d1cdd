"""The list of commands: which file holds each, and what it does in one line."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.words import gettext as _


class Listed(NamedTuple):
    """A command as the list shows it; its file is imported only when it is the one that runs."""

    module: str
    summary: str


DEFAULT = "serve"


def commands() -> dict[str, Listed]:
    """Every command by name, in the order of the help page."""
    return {
        "serve": Listed("serving", _("start this node")),
        "demo": Listed("staging", _("a whole province on this computer, to try everything")),
        "init": Listed("setting_up", _("set up this node without a browser")),
        "user": Listed("accounts", _("accounts of this node")),
        "enrollment-code": Listed("binding", _("at the centre: a one-time code that binds a new node")),
        "nodes": Listed("binding_nodes", _("at the centre: the computers of the offices; shut one out")),
        "enroll": Listed("binding", _("bind this node to its centre")),
        "record": Listed("intake", _("record reports given as JSON lines")),
        "import-csv": Listed("intake", _("record reports from a spreadsheet's CSV file")),
        "route": Listed("steps", _("send a report to the agency that handles it")),
        "answer": Listed("steps", _("answer a report")),
        "step": Listed("steps", _("take any step of the workflow")),
        "amend": Listed("steps", _("change fields of a report")),
        "send-back": Listed("sending_back", _("at the centre: send a report back to the office that recorded it")),
        "sent-back": Listed("sending_back", _("what the centre sent back; tell it that something is settled")),
        "conflicts": Listed("conflicts", _("what needs a decision")),
        "decide": Listed("conflicts", _("decide one conflict")),
        "refused": Listed("refused", _("what the centre did not take")),
        "repair": Listed("refused", _("send a corrected entry in the place of a refused one")),
        "dismiss": Listed("refused", _("give up a refused entry")),
        "sync": Listed("binding", _("exchange with the centre now")),
        "status": Listed("health", _("how this node is: what waits, what needs a person")),
        "export": Listed("export", _("the reports as a CSV, Excel or JSON lines file")),
        "backup": Listed("backing_up", _("a verified copy of this node, while it works")),
        "restore": Listed("backing_up", _("a node out of a backup")),
        "verify": Listed("health", _("check the journal against the reports and the digests")),
        "doctor": Listed("health", _("look for what is wrong with this computer or node, and say what to do")),
        "bench": Listed("measuring", _("measure how fast it is here")),
        "test": Listed("measuring", _("run the tests")),
    }
