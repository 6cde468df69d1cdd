"""Several processes that serve one centre, for a province: gunicorn starts, watches and ends them. POSIX and PostgreSQL only.

They share nothing but the database and the instance folder. Exactly one of them runs the scheduled work: the one that holds
the lead. When it dies, another takes over within a few seconds.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from intake_app import create_app
from intake_app.allocator import collect_seldom, keep_memory_small
from intake_app.background import Background
from intake_app.config import Settings
from intake_app.logs import log_to
from intake_app.node import Node, open_node
from intake_app.serve import (
    ADDRESS_FILE,
    CENTRAL_THREADS,
    FINISH_SECONDS,
    IDLE_SECONDS,
    QUEUE_MAX,
    PortTaken,
    Started,
    address_of,
    note_address,
    take_instance,
)
from intake_app.store.leading import Lead
from intake_app.store.postgres import is_postgres
from sync.errors import Refused

LOOK_SECONDS = 2.0  # how long the scheduled work rests after its worker died, at most
# A worker whose main thread does not come round for so long hangs and is started anew; its requests run in other threads.
HUNG_SECONDS = 120
log = logging.getLogger(__name__)


def serve_with_workers(settings: Settings, workers: int, tell: Callable[[Started], None]) -> None:
    """Serves a centre by several processes until somebody asks it to end. Raises Refused, AlreadyRunning, PortTaken."""
    _check(settings)
    keep_memory_small()
    with ExitStack() as stack:
        take_instance(settings.instance, stack)
        log_to(settings.instance)
        open_node(settings).close()  # what is wrong is told here, once, and the tables are brought up
        listener = _listen(settings)
        address = address_of(settings.host, listener.getsockname()[1])
        note_address(settings.instance, address)
        stack.callback((settings.instance / ADDRESS_FILE).unlink, missing_ok=True)
        _run(settings, workers, listener, lambda: tell(Started(address, f"{address}/", settings)))


def _check(settings: Settings) -> None:
    if settings.role != "central" or not is_postgres(settings.database_url or ""):
        raise Refused("workers_need_postgresql")
    if os.name != "posix":
        raise Refused("workers_need_posix")


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=QUEUE_MAX)
    except OSError as problem:
        raise PortTaken("port_taken", host=settings.host, port=settings.port, problem=str(problem)) from problem


def _run(settings: Settings, workers: int, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Hands the socket to gunicorn, which takes over this process and its signals until the end."""
    # 50 ms and 6 MB that only this command pays, and Windows does not have it.
    from gunicorn.app.base import BaseApplication
    from gunicorn.arbiter import Arbiter

    class Application(BaseApplication):  # type: ignore[misc]
        """Our application as gunicorn wants it: configured here, loaded in each worker."""

        def load_config(self) -> None:
            for name, value in configuration(workers, listener, ready).items():
                if name in self.cfg.settings:  # versions differ in what they know
                    self.cfg.set(name, value)

        def load(self) -> Worker:
            return Worker(settings)

    parent = os.getpid()
    try:
        Arbiter(Application()).run()
    except SystemExit as ended:
        if os.getpid() != parent:
            # A worker ends here. What the parent still has to put in order is none of its business.
            sys.stderr.flush()
            os._exit(ended.code if isinstance(ended.code, int) else 0)
        if ended.code:
            raise


def configuration(workers: int, listener: socket.socket, ready: Callable[[], None]) -> dict[str, Any]:
    """What gunicorn is told; the socket is its own from then on."""
    return {
        "bind": f"fd://{listener.detach()}",  # gunicorn closes it
        "workers": workers,
        "worker_class": "gthread",
        "threads": CENTRAL_THREADS,
        "timeout": HUNG_SECONDS,
        "graceful_timeout": FINISH_SECONDS,
        "keepalive": IDLE_SECONDS,
        "preload_app": False,  # connections and threads made before the fork would belong to nobody
        "loglevel": "warning",
        "control_socket_disable": True,
        "when_ready": lambda _arbiter: ready(),
        "post_worker_init": lambda worker: worker.wsgi.begin(),
        "worker_exit": lambda _arbiter, worker: getattr(worker, "wsgi", None) and worker.wsgi.end(),
    }


class Worker:
    """One of the processes: the centre's pages, and the scheduled work while it leads."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        collect_seldom()
        self.node: Node = self.app.extensions["node"]
        self.chief = Chief(self.node)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        return self.app(environ, start_response)

    def begin(self) -> None:
        """Starts to look for the lead."""
        self.chief.start()

    def end(self) -> None:
        """Lets go of the lead and of the database."""
        self.chief.stop()
        self.node.close()


class Chief:
    """Runs a centre's scheduled work in this process as long as it leads."""

    def __init__(
        self,
        node: Node,
        make_background: Callable[[Node], Background] = Background,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self.lead = Lead(node.database)
        self.node = node
        self.make_background = make_background
        self.look_seconds = look_seconds
        self.background: Background | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._campaign, name="chief", daemon=True)

    def start(self) -> None:
        """Begins to ask for the lead."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the scheduled work here and lets another worker lead."""
        self._ended.set()
        self._thread.join(FINISH_SECONDS)
        self._rest()
        self.lead.give_up()

    def _campaign(self) -> None:
        while True:
            if not self.lead.holds():
                self._rest()
            elif self.background is None:
                log.info("worker %s does the scheduled work", os.getpid())
                self.background = self.make_background(self.node)
            if self._ended.wait(self.look_seconds):
                return

    def _rest(self) -> None:
        background, self.background = self.background, None
        if background is not None:
            background.stop()
