"""`demo`: a province on this computer. Apart from `serve`, which must not pay for importing all this."""

from __future__ import annotations

import sys

from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser, WrongUse, port_number
from intake_app.cli.printing import print_json, print_table
from intake_app.config import PORT_MAX
from intake_app.demo.children import Child
from intake_app.demo.province import CONTROL_OFFSET, PASSWORD
from intake_app.demo.stage import Staged, play
from intake_app.words import gettext as _

DEMO_PORT = 8100


def demo_arguments(parser: Parser) -> None:
    """[--port 8100] [--no-browser]"""
    parser.add_argument("--port", metavar="PORT", type=port_number, default=DEMO_PORT, help=_("the first port (8100)"))
    parser.add_argument("--no-browser", action="store_true", help=_("do not open a browser"))


def demo(call: Call) -> int:
    """Runs a province on this computer until it is asked to end."""
    first = call.values.port
    if first + CONTROL_OFFSET > PORT_MAX:
        raise WrongUse(_("%(name)s cannot be %(value)s.", name="--port", value=first))
    play(
        call.instance / "demo",
        first,
        say=lambda text: print(text, file=sys.stderr, flush=True),
        tell=lambda staged: _tell_demo(staged, call),
        gone=_tell_gone,
        open_browser=not call.values.no_browser,
    )
    return DONE


def _tell_demo(staged: Staged, call: Call) -> None:
    if call.json:
        nodes = [
            {"office": node.office, "name": node.name, "address": node.address, "accounts": list(node.accounts)}
            for node in staged.nodes
        ]
        print_json({"ready": True, "control": staged.control, "password": PASSWORD, "nodes": nodes})
    else:
        heads = (_("Office"), _("Name"), _("Address"), _("Accounts"))
        print_table(heads, [(one.office, one.name, one.address, ", ".join(one.accounts)) for one in staged.nodes])
        print(_("The password of every account is %(password)s", password=PASSWORD))
        print(_("Cut and restore the network of each office: %(address)s", address=staged.control))
        print(_("Ctrl+C ends everything."))
        print("ready")
    sys.stdout.flush()


def _tell_gone(child: Child) -> None:
    print(_("Node %(office)s has stopped: %(said)s", office=child.office, said=child.tail()), file=sys.stderr)


COMMANDS = {"demo": (demo_arguments, demo)}
