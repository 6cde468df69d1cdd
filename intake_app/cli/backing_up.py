"""`backup` and `restore`: a verified copy of a node, and a node out of one."""

from __future__ import annotations

from pathlib import Path

from intake_app import archive
from intake_app.actions.back_up import BackedUp, back_up
from intake_app.actions.backup_health import is_due
from intake_app.actions.drill import drill
from intake_app.actions.restore import restore as restore_node
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE, IN_PART
from intake_app.cli.parsing import Parser
from intake_app.cli.printing import print_json
from intake_app.cli.refusing import why
from intake_app.shown import when
from intake_app.words import gettext as _


def backup_arguments(parser: Parser) -> None:
    """[--out DIR] [--check FILE] [--if-due]"""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--out", metavar="DIR", type=Path, help=_("another folder than those of the settings"))
    choice.add_argument("--check", metavar="FILE", type=Path, help=_("restore this backup for a test, and make none"))
    choice.add_argument("--if-due", action="store_true", help=_("only if the newest is older than the settings say"))


def backup(call: Call) -> int:
    """Makes a backup, or tests one."""
    with call.node() as node:
        if call.values.check:
            return _checked(call, drill(node, call.values.check.absolute()))
        if call.values.if_due and not is_due(node):
            return _not_due(call)
        out = call.values.out.absolute() if call.values.out else None
        done = back_up(node, out, scheduled=call.values.if_due)
    if call.json:
        print_json(_in_json(done))
    else:
        _tell(done)
    return IN_PART if done.problem or done.missing else DONE


def _checked(call: Call, problem: str | None) -> int:
    if call.json:
        print_json({"ok": problem is None, "problem": problem})
    elif problem is None:
        print(_("The backup was restored for a test, and everything in it fits together."))
    else:
        print(_("This backup is not sound: %(problem)s. Make a new one at once.", problem=problem))
    return IN_PART if problem else DONE


def _not_due(call: Call) -> int:
    if call.json:
        print_json({"due": False})
    else:
        print(_("The newest backup is fresh enough."))
    return DONE


def _in_json(done: BackedUp) -> dict[str, object]:
    return {
        "file": str(Path(done.folders[0]) / done.name), "verified": done.problem is None, "problem": done.problem,
        "bytes": done.bytes, "sha256": done.sha256, "folders": done.folders, "missing": done.missing,
        **archive.as_json(done.manifest),
    }  # fmt: skip


def _tell(done: BackedUp) -> None:
    for folder in done.folders:
        print(_("Written: %(file)s (%(kilobytes)s KB)", file=Path(folder) / done.name, kilobytes=done.bytes // 1000))
    for folder, reason in done.missing.items():
        print("✗ " + folder + ": " + why(reason, {"folder": folder}))
    if done.problem:
        print(
            "✗ "
            + _("The data of this node do not fit together (%(problem)s); see: run.py verify", problem=done.problem)
        )
    else:
        print(_("Restored for a test: everything fits together. It holds keys and personal data; keep it locked away."))


def restore_arguments(parser: Parser) -> None:
    """FILE [--replace] [--database URL]"""
    parser.add_argument("file", metavar="FILE", type=Path, help=_("the backup"))
    parser.add_argument(
        "--replace", action="store_true", help=_("although there is a node in the folder; it is kept aside")
    )
    parser.add_argument(
        "--database", metavar="URL", help=_("an empty PostgreSQL database, or “sqlite”; else where the data were")
    )


def restore(call: Call) -> int:
    """Puts a node out of a backup into the instance folder."""
    file: Path = call.values.file.absolute()
    done = restore_node(file, call.instance, in_its_place=call.values.replace, database=call.values.database)
    if call.json:
        aside = str(done.aside) if done.aside else None
        said = {"restored": str(file), "aside": aside, "server": done.server, "problem": done.problem}
        print_json({**said, **archive.as_json(done.manifest)})
        return IN_PART if done.problem else DONE
    made = when(done.manifest.made_ms)
    print(_("Restored: office %(office)s as it was at %(time)s.", office=done.manifest.office, time=made))
    if done.server:
        print(_("Its data are in the PostgreSQL database “%(database)s”.", database=done.server))
    if done.aside:
        print(_("What was there before lies in %(folder)s. Remove it when all is well.", folder=done.aside))
    if done.problem:
        print(_("Make lists and search anew with: run.py verify --rebuild"))
    print(_("Start it with: run.py serve. What was sent after the backup comes back by itself."))
    return IN_PART if done.problem else DONE


COMMANDS = {"backup": (backup_arguments, backup), "restore": (restore_arguments, restore)}
