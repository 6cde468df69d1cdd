"""`status`, `verify`, `doctor`: how the node and the computer are."""

from __future__ import annotations

from intake_app.actions.node_status import node_status
from intake_app.actions.verify_node import verify_node
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE, IN_PART
from intake_app.cli.parsing import Parser
from intake_app.cli.printing import print_json
from intake_app.doctor import examine
from intake_app.words import gettext as _


def no_arguments(parser: Parser) -> None:
    """Nothing beside the general options."""


def status(call: Call) -> int:
    """Tells what waits and what needs a person."""
    with call.node() as node:
        found = node_status(node)
    if call.json:
        print_json(found)
        return DONE
    labels = {
        "role": _("Role"),
        "node": _("Node"),
        "office": _("Office"),
        "enrolled": _("Bound to a centre"),
        "reports": _("Reports"),
        "waiting": _("Waiting to be sent"),
        "conflicts": _("Need a decision"),
        "quarantined": _("Not taken by the centre"),
        "last_contact": _("Last contact"),
        "ok": _("All in order"),
    }
    for key, value in found.items():
        print(f"{labels.get(key, key)}: {shown(value)}")
    return DONE


def shown(value: object) -> str:
    """A value of the status as a person reads it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "–"
    return "–" if value in (None, "", []) else str(value)


def verify(call: Call) -> int:
    """Checks what the node keeps against itself."""
    with call.node() as node:
        found = verify_node(node)
    if call.json:
        print_json({"ok": found.ok, "problems": found.problems, "counts": found.counts})
    else:
        print(", ".join(f"{name}: {count}" for name, count in found.counts.items()))
        for problem in found.problems:
            print("✗ " + ", ".join(f"{name}: {value}" for name, value in problem.items()))
        print(_("Everything fits together.") if found.ok else _("Something does not fit. Nothing was changed."))
    return DONE if found.ok else IN_PART


def doctor(call: Call) -> int:
    """Looks at the computer and the node; always ends with 0, for its answer is what it prints."""
    found = examine(call.instance)
    if call.json:
        checks = [{"name": one.name, "ok": one.ok, "found": one.found, "advice": one.advice} for one in found]
        print_json({"ok": all(one.ok for one in found), "checks": checks})
        return DONE
    for one in found:
        print(f"{'✓' if one.ok else '⚠'} {one.title}: {one.found}")
        if one.advice:
            print(f"    → {one.advice}")
    return DONE


COMMANDS = {"status": (no_arguments, status), "verify": (no_arguments, verify), "doctor": (no_arguments, doctor)}
