"""`serve`: runs until somebody ends it."""

from __future__ import annotations

import sys
from functools import partial

from intake_app.cli.call import Call
from intake_app.cli.ending import DONE, WRONG
from intake_app.cli.parsing import Parser, WrongUse, port_number
from intake_app.cli.printing import print_json
from intake_app.config import ROLES, Settings, load_settings
from intake_app.serve import AlreadyRunning, Started, show_page, with_place
from intake_app.serve import serve as serve_node
from intake_app.words import gettext as _

WORKERS_MAX = 64
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve_arguments(parser: Parser) -> None:
    """[--role] [--host] [--port] [--no-browser] [--workers]"""
    parser.add_argument("--role", choices=ROLES, help=_("what is set up the first time: office, or central"))
    parser.add_argument("--host", metavar="HOST", help=_("the address to listen on (127.0.0.1)"))
    parser.add_argument("--port", metavar="PORT", type=port_number, help=_("the port to listen on (8022)"))
    parser.add_argument("--no-browser", action="store_true", help=_("do not open a browser"))
    parser.add_argument(
        "--workers", metavar="N", type=worker_count, help=_("so many processes, for a centre on PostgreSQL (one)")
    )


def serve(call: Call) -> int:
    """Serves the node until it is asked to end."""
    values = call.values
    settings = load_settings(call.instance)
    if values.role and settings.role and values.role != settings.role:
        raise WrongUse(_("This node is set up as %(role)s; that cannot be changed.", role=settings.role))
    settings = with_place(settings, values.host, values.port)
    if settings.host not in LOOPBACK:
        warn = _("Warning: other computers can reach this address without encryption. Use it only inside the office.")
        print(warn, file=sys.stderr)
    try:
        if values.workers:
            _serve_with_workers(settings, values.workers, call)
        else:
            tell = partial(_tell, call=call)
            serve_node(settings, role=values.role, tell=tell, open_browser=not values.no_browser)
    except AlreadyRunning as running:
        return _running(running, call)
    return DONE


def worker_count(text: str) -> int:
    """The number of workers asked for."""
    if not text.isdigit() or not 1 <= int(text) <= WORKERS_MAX:
        raise ValueError(text)
    return int(text)


def _serve_with_workers(settings: Settings, workers: int, call: Call) -> None:
    # Only this way of serving pays for its imports.
    from intake_app.workers import serve_with_workers

    serve_with_workers(settings, workers, partial(_tell, call=call))


def _tell(started: Started, call: Call) -> None:
    if call.json:
        print_json({"address": started.address, "link": started.link, "role": started.settings.role})
    elif started.settings.role is None:
        print(_("Not set up yet. Open this link once to set up: %(link)s", link=started.link))
    else:
        print(_("Running at %(address)s (Ctrl+C ends it)", address=started.address))
    sys.stdout.flush()


def _running(running: AlreadyRunning, call: Call) -> int:
    """Says where the running node is; fails when something else was asked for than what runs."""
    address = running.address
    if call.json:
        print_json({"address": address, "already_running": True})
    else:
        print(_("This node already runs at %(address)s", address=address or "…"))
    if call.values.port and address and not address.endswith(f":{call.values.port}"):
        return WRONG
    if address and not call.values.no_browser:
        show_page(address)
    return DONE


COMMANDS = {"serve": (serve_arguments, serve)}
