"""The demo from start to end: ports, links, nodes, the control page, and everything put away again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cheroot.wsgi import Server

from intake_app.demo.build import Builder
from intake_app.demo.children import Child, end_all, start_child, wait_until_serving
from intake_app.demo.control import Shown, control_app
from intake_app.demo.link import Link, Network
from intake_app.demo.province import CENTRE, CONTROL_OFFSET, HOST, MEMBERS, OFFICES, PASSWORD, Member, ports
from intake_app.files import make_private_folder
from intake_app.locking import Held, holding
from intake_app.serve import ADDRESS_FILE, PortTaken, note_address, running_address, show_page
from intake_app.stopping import Stop
from intake_app.store.shipped import load_directory
from sync.errors import Refused

CONTROL_THREADS = 2
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Staged:
    """What the person is told when everything runs."""

    control: str
    nodes: list[Shown]


def play(
    root: Path,
    first_port: int,
    *,
    say: Callable[[str], None],
    tell: Callable[[Staged], None],
    gone: Callable[[Child], None],
    open_browser: bool = True,
    stop: Stop | None = None,
) -> None:
    """Runs the demo until somebody asks it to end; every process it started has ended when this returns."""
    stop = stop or Stop()
    stop.on_signals()
    with ExitStack() as stack:
        _take(root, first_port, stack)
        network = Network(
            Link(member.office, member.link_port(first_port), CENTRE.port(first_port)) for member in OFFICES
        )
        stack.callback(network.stop)
        network.start()
        children: list[Child] = []
        stack.callback(end_all, children)
        _start_nodes(Builder(root, first_port, network, say), children, stop)
        staged = Staged(f"http://{HOST}:{first_port + CONTROL_OFFSET}", _shown(first_port))
        note_address(root, staged.control)
        stack.callback((root / ADDRESS_FILE).unlink, missing_ok=True)
        _serve_control(staged, network, children, first_port, stack)
        if stop.is_set:
            return
        tell(staged)
        if open_browser:
            show_page(staged.control)
        _watch(children, gone, stop)


def _start_nodes(builder: Builder, children: list[Child], stop: Stop) -> None:
    builder.set_up_all()
    is_finished = builder.is_finished()
    _start([CENTRE], builder, children)
    if not is_finished:
        builder.fill_offices()
        wait_until_serving(children[0])
        builder.bind_offices()
    if stop.is_set:
        return
    _start(OFFICES, builder, children)
    if not is_finished:
        builder.answer_samples()
        builder.finish()
    for child in children:
        wait_until_serving(child)


def _start(members: Iterable[Member], builder: Builder, children: list[Child]) -> None:
    for member in members:
        children.append(start_child(member.office, builder.instance(member), builder.port(member)))


def _take(root: Path, first_port: int, stack: ExitStack) -> None:
    make_private_folder(root)
    try:
        stack.enter_context(holding(root / "demo.lock"))
    except Held:
        raise Refused("demo_runs", control=running_address(root) or str(root)) from None
    for port in ports(first_port):
        _check_free(port)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        # As the servers do; otherwise a port of the demo that ended a minute ago would count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as problem:
            raise PortTaken("port_taken", host=HOST, port=port, problem=str(problem)) from problem


def _serve_control(staged: Staged, network: Network, children: list[Child], first_port: int, stack: ExitStack) -> None:
    running = {child.office: child for child in children}
    app = control_app(staged.nodes, network, lambda office: running[office].is_running, PASSWORD)
    server = Server((HOST, first_port + CONTROL_OFFSET), app, numthreads=CONTROL_THREADS)
    server.prepare()
    stack.callback(server.stop)
    threading.Thread(target=server.serve, name="control", daemon=True).start()


def _shown(first_port: int) -> list[Shown]:
    offices = load_directory().offices
    return [
        Shown(
            name=offices[member.office].name,
            office=member.office,
            address=f"http://{HOST}:{member.port(first_port)}",
            link=member.office if member.role == "office" else None,
            accounts=_accounts(member),
        )
        for member in MEMBERS
    ]


def _accounts(member: Member) -> tuple[str, ...]:
    return tuple(person.username for person in (member.admin, *member.people))


def _watch(children: list[Child], gone: Callable[[Child], None], stop: Stop) -> None:
    living = list(children)
    while not stop.wait(LOOK_SECONDS):
        for child in [child for child in living if not child.is_running]:
            living.remove(child)
            gone(child)
