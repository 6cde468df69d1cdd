"""Reading a command's arguments, and saying in one sentence what is wrong with them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from intake_app.config import PORT_MAX
from intake_app.words import gettext as _


class WrongUse(Exception):
    """The arguments or the input make no sense; nothing was done. Carries the sentence for the person."""


class HelpAsked(Exception):
    """Somebody asked for help; carries the text."""


# What argparse says in English, and our sentence for it; the groups fill the places in order of their names. The
# wording differs a little between Python 3.11 and 3.14, hence the optional quotes.
_COMPLAINTS: tuple[tuple[str, Callable[[dict[str, str]], str]], ...] = (
    (
        r"the following arguments are required: (?P<names>.+)",
        lambda found: _("%(names)s is missing.", **found),
    ),
    (r"unrecognized arguments: (?P<names>.+)", lambda found: _("This command does not know %(names)s.", **found)),
    (
        r"argument (?P<name>.+?): expected (?:one|at least one|\d+) arguments?",
        lambda found: _("%(name)s needs a value after it.", **found),
    ),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>.+?) \(choose from (?P<allowed>.+)\)",
        lambda found: _("%(name)s cannot be %(value)s; it is one of: %(allowed)s.", **_bare(found)),
    ),
    (
        r"argument (?P<name>.+?): invalid (?P<kind>\S+) value: (?P<value>.+)",
        lambda found: _("%(name)s cannot be %(value)s.", **_bare(found)),
    ),
    (
        r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)",
        lambda found: _("%(name)s and %(other)s do not go together.", **found),
    ),
    (r"one of the arguments (?P<names>.+) is required", lambda found: _("One of %(names)s is missing.", **found)),
    (
        r"argument (?P<name>.+?): ignored explicit argument (?P<value>.+)",
        lambda found: _("%(name)s takes no value.", **found),
    ),
)


def _bare(found: dict[str, str]) -> dict[str, str]:
    return {name: text.replace("'", "") for name, text in found.items()}


class Parser(argparse.ArgumentParser):
    """An argument parser that answers a mistake with one sentence in the person's language and never exits."""

    def __init__(self, command: str, summary: str) -> None:
        super().__init__(
            prog=f"run.py {command}", description=summary, add_help=False, allow_abbrev=False, argument_default=None
        )
        self._positionals.title = _("what it works on")
        self._optionals.title = _("options")
        self.command = command
        _add_general(self)

    def error(self, message: str) -> NoReturn:
        """Raises the sentence for argparse's message."""
        raise WrongUse(_sentence(message) + " " + _("See: %(command)s", command=f"run.py {self.command} --help"))

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Gives the named values, or raises WrongUse or HelpAsked."""
        # Help is asked for before anything else is checked: it is what somebody who got it wrong types next.
        if any(argument in ("-h", "--help") for argument in _before_dashes(arguments)):
            raise HelpAsked(self.format_help().replace("usage: ", _("usage:") + " ", 1))
        return self.parse_args(arguments)


def _add_general(parser: Parser) -> None:
    general = parser.add_argument_group(_("for every command"))
    general.add_argument("--instance", metavar="DIR", type=Path, help=_("the folder of the node (instance)"))
    general.add_argument(
        "--as", dest="as_user", metavar="USER", help=_("who does it; without it the first administrator of this node")
    )
    general.add_argument("--json", action="store_true", help=_("print one JSON object"))
    general.add_argument("-h", "--help", action="store_true", help=_("show this help"))


def _sentence(message: str) -> str:
    for pattern, sentence in _COMPLAINTS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return sentence(found.groupdict())
    return _("The command was not understood: %(message)s.", message=message)


def _before_dashes(arguments: Sequence[str]) -> Sequence[str]:
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


GENERAL_WITH_VALUE = ("--instance", "--as")
GENERAL_SWITCHES = ("--json", "-h", "--help")


def split_command(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """Gives the name of the command and the arguments left; the general options may stand on either side of it."""
    skip = False
    for place, word in enumerate(argv):
        if skip:
            skip = False
        elif word in GENERAL_WITH_VALUE:
            skip = True
        elif word.startswith("-") and word not in GENERAL_SWITCHES and not word.startswith(_WITH_EQUALS):
            return None, list(argv)  # an option of the command that is meant when none is named
        elif not word.startswith("-"):
            return word, [*argv[:place], *argv[place + 1 :]]
    return None, list(argv)


_WITH_EQUALS = tuple(f"{option}=" for option in GENERAL_WITH_VALUE)


def port_number(text: str) -> int:
    """A TCP port as typed."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= PORT_MAX:
        raise ValueError(text)
    return int(text)
