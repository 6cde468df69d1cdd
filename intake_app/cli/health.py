"""`status`, `verify`, `doctor`: how the node and the computer are."""

from __future__ import annotations

from typing import Any

from forms.past import past
from forms.words import word
from intake_app.actions.node_status import node_status
from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.verify_node import verify_node
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE, IN_PART
from intake_app.cli.parsing import Parser
from intake_app.cli.printing import Progress, print_json
from intake_app.cli.refusing import why
from intake_app.doctor import examine
from intake_app.shown import when
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
    for label, value in _for_people(found):
        print(f"{label}: {value}")
    return DONE


def _for_people(found: dict[str, Any]) -> list[tuple[str, str]]:
    """The status in words: where the reports are first, what is wrong last."""
    states = ", ".join(
        f"{word('sync_state', name, _)} {count}" for name, count in found["sync_states"].items() if count
    )
    lines = [
        (_("Office"), str(found["office"])),
        (_("Role"), _("centre") if found["role"] == "central" else _("office")),
        (_("Node"), str(found["node"])),
        (_("Version"), str(found["version"])),
        (_("Reports held"), f"{found['reports']}" + (f" ({states})" if states else "")),
    ]
    if found["role"] == "office":
        lines += [
            (_("Centre"), str(found["central"]) if found["enrolled"] else _("not bound to one yet")),
            (_("Waiting to be sent"), _since(found["waiting"], found["oldest_waiting"])),
            (_("Last contact"), when(found["last_contact"]) or "–"),
        ]
    lines += [
        (_("Need a decision"), str(found["conflicts"])),
        (_("Not taken by the centre"), str(found["refused"])),
    ]
    if found["last_read_anew"]:
        lines.append((_("Differed from the centre and was fetched again"), when(found["last_read_anew"]) or "–"))
    if found["last_error"]:
        lines.append((_("Last problem"), why(str(found["last_error"]))))
    if found["life"]:
        lines.append((_("What happened"), _past(found["life"])))
    if found["alarms"]:
        lines.append((_("Alarms"), ", ".join(found["alarms"])))
    return [*lines, (_("All in order"), _("yes") if found["ok"] else _("no, see run.py verify and run.py doctor"))]


def _past(life: dict[str, Any]) -> str:
    facts = {name: life[name] for name in ("again", "fetched", "missing")}
    return past(life["reason"], done=bool(life["reconciled"]), translate=_, **facts)


def _since(waiting: object, oldest: object) -> str:
    return _("%(waiting)s (oldest %(oldest)s)", waiting=waiting, oldest=when(oldest)) if oldest else str(waiting)


def verify_arguments(parser: Parser) -> None:
    """Whether lists and search are to be made anew first."""
    parser.add_argument("--rebuild", action="store_true")


def verify(call: Call) -> int:
    """Checks what the node keeps against itself; with --rebuild, makes lists and search anew from the journal before."""
    progress = Progress()
    with call.node() as node:
        if call.values.rebuild:
            rebuild_rows(node, progress)
        found = verify_node(node, progress)
    progress.end()
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


COMMANDS = {"status": (no_arguments, status), "verify": (verify_arguments, verify), "doctor": (no_arguments, doctor)}
