"""The running node: one process that serves pages and exchanges, and alone holds the instance and the scheduler."""

from __future__ import annotations

import json
import os
import secrets
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from cheroot.wsgi import Gateway_10, Server

from intake_app import create_app
from intake_app.allocator import NEW_CONTAINERS, OFFICE_NEW_CONTAINERS, collect_seldom, keep_memory_small
from intake_app.api.gate import HANG_UP, INSIDE_MAX, POLITE_MAX
from intake_app.background import Background
from intake_app.burst import Burst
from intake_app.config import Settings
from intake_app.files import write_private_file
from intake_app.locking import SERVE_LOCK, Held, holding
from intake_app.logs import log_to
from intake_app.stopping import Stop
from sync.errors import IntakeError

# The process with which this one ends; the demo sets it, so that no node is left over when the demo is killed.
PARENT_VARIABLE = "INTAKE_ENDS_WITH"
ADDRESS_FILE = "serve.json"
# Eight clerks at once is what one office PC has to bear; more threads only wait for the one SQLite writer.
THREADS = 8
# At the centre as many for people, and beside them those that nodes may take, which mostly wait for slow lines.
CENTRAL_THREADS = THREADS + INSIDE_MAX + POLITE_MAX
# All nodes of the province call after a power cut: they wait in the system's queue until they are let in or told when to come.
QUEUE_MAX = 1024
# Every node's connection stays open from call to call, for a new one costs a slow line most of an idle exchange.
KEPT_CONNECTIONS_MAX = 1024
# Longer than any page takes; a half-open connection must not keep a person waiting for the end.
FINISH_SECONDS = 5
# A node calls once a minute: its connection stays open until then, or each call would pay for a new one.
IDLE_SECONDS = 75
# How often it is looked whether the process that started this one still lives.
WAKE_SECONDS = 0.5


class AlreadyRunning(Exception):
    """Another process serves this instance; carries its address, if it has one yet."""

    def __init__(self, address: str | None) -> None:
        super().__init__(address)
        self.address = address


class PortTaken(IntakeError):
    """Some other program listens where this node should."""


@dataclass(frozen=True)
class Setup:
    """The door of a node that is not set up: the one-time token, the role asked for, and what to call at the end."""

    token: str
    role: str | None
    finish: Callable[[Settings], None]


@dataclass(frozen=True)
class Started:
    """What the person is told once the node listens."""

    address: str
    link: str
    settings: Settings


class ServedNode:
    """The WSGI application of the running process: the set-up door first, then the node, without a restart."""

    def __init__(self, settings: Settings, role: str | None) -> None:
        self.token = secrets.token_urlsafe(24)
        self.settings = settings
        self.background: Background | None = None
        self.burst: Burst | None = None
        self.turning = threading.Lock()
        if settings.role is None:
            self.app = create_app(settings, setup=Setup(self.token, role, self.become))
        else:
            self.become(settings)

    def become(self, settings: Settings) -> None:
        """Turns into the node with these settings; from the next request on its pages answer."""
        with self.turning:
            if self.background is not None:
                return
            app = create_app(settings)
            self.background = Background(app.extensions["node"])
            app.extensions["sync_trigger"] = self.background.now
            if settings.role == "central":
                app.extensions["burst"] = self.burst = Burst()
            self.app, self.settings = app, settings

    def __call__(self, environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
        answer = self.app(environ, start_response)
        # Whatever was posted may have saved something; an exchange too many costs one request of a kilobyte.
        if self.background is not None and environ["REQUEST_METHOD"] == "POST" and self.settings.role == "office":
            self.background.soon()
        return answer

    def stop_background(self) -> None:
        """Starts no further exchange and judges nothing more."""
        if self.background is not None:
            self.background.stop()
        if self.burst is not None:
            self.burst.stop()

    def close(self) -> None:
        """Closes the node, which moves the write-ahead log into the database."""
        if "node" in self.app.extensions:
            self.app.extensions["node"].close()


class HangingUp(Gateway_10):
    """What the server hands to the application, with a way to close a connection whose request nobody reads."""

    def get_environ(self) -> dict[str, object]:
        """The environment of the request."""
        environ: dict[str, object] = super().get_environ()
        environ[HANG_UP] = self._hang_up
        return environ

    def _hang_up(self) -> None:
        self.req.close_connection = True


def serve(
    settings: Settings,
    *,
    role: str | None = None,
    tell: Callable[[Started], None],
    open_browser: bool = True,
    stop: Stop | None = None,
) -> None:
    """Serves the node until somebody asks it to end; raises AlreadyRunning or PortTaken when it cannot start."""
    keep_memory_small()  # before the threads are made that it is about
    stop = stop or Stop()
    stop.on_signals()
    # What is pushed last ends first: no new exchange, then no new request, then the database, then the lock.
    with ExitStack() as stack:
        take_instance(settings.instance, stack)
        log_to(settings.instance)
        node = ServedNode(settings, role)
        stack.callback(node.close)
        server = _listen(settings, node)
        stack.callback(server.stop)
        stack.callback(node.stop_background)
        address = address_of(settings.host, server.bind_addr[1])
        note_address(settings.instance, address)
        stack.callback((settings.instance / ADDRESS_FILE).unlink, missing_ok=True)
        threading.Thread(target=server.serve, name="http", daemon=True).start()
        started = Started(address, node_link(address, settings, node.token), settings)
        collect_seldom(NEW_CONTAINERS if settings.role == "central" else OFFICE_NEW_CONTAINERS)
        tell(started)
        if open_browser:
            show_page(started.link)
        while not stop.wait(WAKE_SECONDS) and not _is_left_over():
            pass


def address_of(host: str, port: int) -> str:
    """The address for a browser on this computer."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)
    return f"http://{shown}:{port}"


def node_link(address: str, settings: Settings, token: str) -> str:
    """The page to open first."""
    return f"{address}/setup/{token}" if settings.role is None else f"{address}/"


def running_address(instance: Path) -> str | None:
    """Where the running process of this instance said that it listens."""
    try:
        return str(json.loads((instance / ADDRESS_FILE).read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError):
        return None


def with_place(settings: Settings, host: str | None, port: int | None) -> Settings:
    """The settings with the host and port asked for on the command line."""
    return replace(settings, host=host or settings.host, port=port or settings.port)


def show_page(link: str) -> None:
    """Opens the page in the person's browser, where there is a screen to show it on."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    webbrowser.open(link)


def take_instance(instance: Path, stack: ExitStack) -> None:
    """Holds the instance for this process until the stack unwinds; raises AlreadyRunning."""
    try:
        stack.enter_context(holding(instance / SERVE_LOCK))
    except Held:
        raise AlreadyRunning(running_address(instance)) from None


def _listen(settings: Settings, node: ServedNode) -> Server:
    server = Server(
        (settings.host, settings.port),
        node,
        numthreads=CENTRAL_THREADS if settings.role == "central" else THREADS,
        server_name="intake",
        request_queue_size=QUEUE_MAX,
        shutdown_timeout=FINISH_SECONDS,
        timeout=IDLE_SECONDS,
    )
    server.gateway = HangingUp
    server.keep_alive_conn_limit = KEPT_CONNECTIONS_MAX
    try:
        server.prepare()
    except OSError as problem:
        raise PortTaken("port_taken", host=settings.host, port=settings.port, problem=str(problem)) from problem
    return server


def note_address(instance: Path, address: str) -> None:
    """Writes down where this process listens, for whoever starts a second one."""
    write_private_file(instance / ADDRESS_FILE, json.dumps({"pid": os.getpid(), "address": address}) + "\n")


def _is_left_over() -> bool:
    # On Windows the parent is the launcher of the virtual environment, so nothing can be told from its id.
    parent = os.environ.get(PARENT_VARIABLE)
    return os.name == "posix" and parent is not None and parent != str(os.getppid())
