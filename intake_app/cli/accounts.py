"""`user`: the accounts of this node, also for the day on which nobody can sign in any more."""

from __future__ import annotations

import getpass
import sys

from forms.words import word
from intake_app.actions.accounts import add_account, change_roles, end_account, reset_password
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser, WrongUse
from intake_app.cli.printing import print_json, print_table
from intake_app.cli.setting_up import read_password
from intake_app.store.accounts import list_accounts
from intake_app.words import gettext as _
from sync.workflow import ROLES

ACTIONS = ("add", "change", "reset", "end", "list")


def user_arguments(parser: Parser) -> None:
    """add|change|reset|end|list [USERNAME] …"""
    parser.add_argument("action", metavar="add|change|reset|end|list", choices=ACTIONS, help=_("what to do"))
    parser.add_argument("username", metavar="USERNAME", nargs="?", help=_("whose account"))
    parser.add_argument("--name", metavar="NAME", help=_("full name (add)"))
    parser.add_argument(
        "--role",
        metavar="ROLE",
        action="append",
        choices=ROLES,
        help=_("may be given several times (add, change): ") + ", ".join(ROLES),
    )
    parser.add_argument(
        "--password-stdin", action="store_true", help=_("the password is the first line of the input, nobody is asked")
    )


def user(call: Call) -> int:
    """Adds, changes, resets, ends or lists accounts."""
    action, username = call.values.action, call.values.username
    if action == "list":
        return _list(call)
    if not username:
        raise WrongUse(_("%(names)s is missing.", names="USERNAME"))
    if action in ("add", "change") and not call.values.role:
        raise WrongUse(_("%(names)s is missing.", names="--role"))
    password = _password(call) if action in ("add", "reset") else None
    with call.acting() as (node, actor):
        if action == "add":
            name = call.values.name or username
            add_account(node, actor, username, name, tuple(dict.fromkeys(call.values.role)), password)
        elif action == "change":
            change_roles(node, actor, username, call.values.role)
        elif action == "reset":
            reset_password(node, actor, username, password)
        else:
            end_account(node, actor, username)
    return _told(call, action, username)


def _told(call: Call, action: str, username: str) -> int:
    sentences = {
        "add": _("Account %(username)s is made."),
        "change": _("%(username)s has other roles now."),
        "reset": _("%(username)s has a new password."),
        "end": _("Account %(username)s is ended."),
    }
    if call.json:
        print_json({"username": username, "action": action})
    else:
        print(sentences[action] % {"username": username})
    return DONE


def _list(call: Call) -> int:
    with call.node() as node, node.database.read() as db:
        accounts = list_accounts(db)
    if call.json:
        rows = [
            {"username": one.username, "name": one.name, "roles": sorted(one.roles), "active": one.active}
            for one in accounts
        ]
        print_json({"users": rows})
        return DONE
    heads = (_("User name"), _("Full name"), _("Roles"), _("State"))
    states = {True: _("active"), False: _("ended")}
    print_table(
        heads,
        [(one.username, one.name, ", ".join(word("role", role, _) for role in sorted(one.roles)), states[one.active])
         for one in accounts],
    )  # fmt: skip
    return DONE


def _password(call: Call) -> str:
    if call.values.password_stdin or not sys.stdin.isatty():
        return read_password()
    first = getpass.getpass(_("New password: "), stream=sys.stderr)
    if first != getpass.getpass(_("Once more: "), stream=sys.stderr):
        raise WrongUse(_("The two passwords differ. Nothing was changed."))
    return first


COMMANDS = {"user": (user_arguments, user)}
