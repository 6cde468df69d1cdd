"""`init`: sets up a node without a browser."""

from __future__ import annotations

import sys

from intake_app.actions.setup import set_up
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser, WrongUse, port_number
from intake_app.cli.printing import print_json
from intake_app.config import CENTRAL_OFFICE, ROLES
from intake_app.words import gettext as _
from sync.fold import fold

PASSWORD_LINE_MAX = 1_000


def init_arguments(parser: Parser) -> None:
    """--role --office [--new-office] --admin --password-stdin [--name] [--database] [--port]"""
    parser.add_argument("--role", choices=ROLES, required=True, help=_("office, or central"))
    parser.add_argument("--office", metavar="NUMBER", help=_("the four digits of the office; the centre's is 1022"))
    parser.add_argument(
        "--new-office", action="store_true", help=_("the office is new: the centre has published it after this program was made")
    )
    parser.add_argument("--admin", metavar="NAME", required=True, help=_("user name of the first administrator"))
    parser.add_argument("--name", metavar="NAME", help=_("full name of the first administrator"))
    parser.add_argument(
        "--password-stdin", action="store_true", required=True, help=_("the password is the first line of the input")
    )
    parser.add_argument("--database", metavar="URL", help=_("PostgreSQL, only at the centre; without it SQLite"))
    parser.add_argument("--port", type=port_number, default=8022, help=_("where its pages will be (8022)"))


def init(call: Call) -> int:
    """Makes the node: its folder, settings, keys, database and first administrator."""
    values = call.values
    office = values.office or (CENTRAL_OFFICE if values.role == "central" else "")
    if not office:
        raise WrongUse(_("%(names)s is missing.", names="--office"))
    username = user_name(values.admin)
    settings = set_up(
        call.instance,
        values.role,
        office,
        username,
        values.name or values.admin,
        read_password(),
        database_url=values.database,
        port=values.port,
        new_office=values.new_office,
    )
    if call.json:
        made = {"instance": str(settings.instance), "role": settings.role, "office": settings.office}
        print_json({**made, "username": username})
    else:
        said = _("Set up in %(folder)s: office %(office)s, administrator %(username)s.",
                 folder=settings.instance, office=settings.office, username=username)  # fmt: skip
        print(said)
    return DONE


def user_name(typed: str) -> str:
    """The user name as typed; of a person's full name it is the letters without accents and spaces."""
    if " " not in typed.strip() and typed.isascii():
        return typed.strip().lower()
    return "".join(letter for letter in fold(typed) if letter.isascii() and letter.isalnum())


def read_password() -> str:
    """Gives the first line of the standard input."""
    try:
        line = sys.stdin.readline(PASSWORD_LINE_MAX)
    except UnicodeDecodeError:
        raise WrongUse(_("The password on the standard input is not UTF-8 text.")) from None
    password = line.rstrip("\r\n")
    if not password:
        raise WrongUse(_("There is no password on the standard input."))
    return password


COMMANDS = {"init": (init_arguments, init)}
