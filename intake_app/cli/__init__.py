"""The command line: reads the arguments, calls one action, prints what came of it.

Every command takes the same general options, answers on stdout, shows progress on stderr, and ends with 0 (done),
1 (done in part), 2 (wrong use or bad input) or 3 (no network; what was asked is kept).
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from intake_app.cli.call import Call
from intake_app.cli.commands import DEFAULT, commands
from intake_app.cli.ending import DONE, ended_by, quiet_pipe
from intake_app.cli.parsing import HelpAsked, Parser, WrongUse, split_command
from intake_app.words import gettext as _

HANDED_ON = "test"


def main(argv: Sequence[str]) -> int:
    """Runs one command and gives its exit status; never raises."""
    _speak_utf8()
    json_wanted, call = "--json" in argv, None
    try:
        call = read_call(argv)
        return call.run()
    except HelpAsked as help_asked:
        sys.stdout.write(str(help_asked))
        return DONE
    except BrokenPipeError:
        return quiet_pipe()
    except (Exception, KeyboardInterrupt) as problem:  # noqa: BLE001 - the outermost edge: a person gets a sentence
        return ended_by(problem, call, json_wanted)


def read_call(argv: Sequence[str]) -> Call:
    """Gives the command that these arguments mean, with its values."""
    name, arguments = split_command(argv)
    if name is None and any(word in ("-h", "--help") for word in arguments):
        raise HelpAsked(overview())
    name = name or DEFAULT
    if name not in commands():
        raise WrongUse(_("There is no command %(name)s. See: run.py --help", name=name))
    parser, run = command_parser(name)
    if name == HANDED_ON and "--help" not in arguments:
        # pytest has options of its own, which are not ours to judge.
        return Call(name, argparse.Namespace(instance=None, json=False, pytest_arguments=arguments), run)
    return Call(name, parser.parse(arguments), run)


def command_parser(name: str) -> tuple[Parser, object]:
    """Gives the parser of one command and the function that runs it."""
    listed = commands()[name]
    arguments, run = importlib.import_module(f"intake_app.cli.{listed.module}").COMMANDS[name]
    parser = Parser(name, listed.summary)
    arguments(parser)
    return parser, run


def overview() -> str:
    """The help page: every command with one line."""
    lines = [f"  {name:<17}{listed.summary}" for name, listed in commands().items()]
    head = _("usage: run.py [--instance DIR] [--as USER] [--json] COMMAND …")
    foot = _("More about a command: run.py COMMAND --help")
    return "\n".join([head, "", *lines, "", foot, ""])


def _speak_utf8() -> None:
    # A Vietnamese word printed to a legacy console is otherwise the end of the program (UnicodeEncodeError).
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
