"""Several processes serve one centre: all answer, one does the scheduled work, another takes over, Ctrl+C ends all."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from intake_app.actions.setup import set_up
from intake_app.api.gate import INSIDE_MAX
from intake_app.config import Settings
from intake_app.logs import LOG_FILE
from intake_app.node import init_node
from intake_app.serve import THREADS, AlreadyRunning
from intake_app.store.leading import Lead
from intake_app.workers import Chief, configuration, serve_with_workers
from sync.errors import Refused
from tests.creators import POSTGRES, province
from tests.postgres import postgres_address, shared_server
from tests.store.test_side_by_side import end_connections, worker

HOME = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
LEADS = re.compile(r"worker (\d+) does the scheduled work")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="workers are processes that share a socket: POSIX only")


def until(look: Callable[[], Any], what: str) -> Any:
    """Wait until there is something to see."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what} has not happened"
        time.sleep(0.05)
    return found


class Served:
    """A centre that is served by workers."""

    def __init__(self, instance: Path, workers: int) -> None:
        self.log = instance / LOG_FILE
        argv = ["serve", "--workers", str(workers), "--no-browser", "--json", "--port", str(free_port())]
        command = [sys.executable, "run.py", *argv, "--instance", str(instance)]
        self.process = subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert self.process.stdout is not None
        self.address = json.loads(self.process.stdout.readline())["address"]

    def leaders(self) -> list[int]:
        """The workers that took the lead, in order."""
        return [int(pid) for pid in LEADS.findall(self.log.read_text())] if self.log.exists() else []

    def answers(self) -> bool:
        with urllib.request.urlopen(f"{self.address}/healthz", timeout=PATIENCE_SECONDS) as answer:
            return bool(answer.status == 200)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A centre on PostgreSQL with two workers."""
    address = postgres_address()
    set_up(tmp_path / "n", "central", "1022", "quantri", "Vũ Văn Quản", "một mật khẩu dài", database_url=address)
    made = Served(tmp_path / "n", 2)
    yield made
    made.process.kill()
    made.process.communicate(timeout=PATIENCE_SECONDS)
    shared_server().drop(address)


def test_workers_answer_one_leads_another_takes_over_and_ctrl_c_ends_all(served: Served) -> None:
    first = until(served.leaders, "a worker leads")
    assert served.answers() and len(served.children()) == 2 and len(first) == 1
    os.kill(first[0], signal.SIGKILL)
    until(lambda: len(served.leaders()) == 2, "another worker takes over")
    assert served.leaders()[1] != first[0]
    until(lambda: len(served.children()) == 2, "the dead worker is replaced")
    assert served.answers()
    children = served.children()
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(PATIENCE_SECONDS) == 0
    assert psutil.wait_procs(children, PATIENCE_SECONDS)[1] == []


def test_a_second_start_says_where_the_workers_are(served: Served, tmp_path: Path) -> None:
    with pytest.raises(AlreadyRunning) as running:
        serve_with_workers(settings_of(tmp_path / "n", served), 2, print)
    assert running.value.address == served.address


def settings_of(instance: Path, served: Served) -> Settings:
    return Settings(instance, "central", "1022", database_url="postgresql://127.0.0.1:1/x")


def test_workers_are_refused_where_one_process_writes(tmp_path: Path) -> None:
    for settings in (Settings(tmp_path, "central", "1022"), Settings(tmp_path, "office", "0380")):
        with pytest.raises(Refused, match="workers_need_postgresql"):
            serve_with_workers(settings, 4, print)


def test_nodes_leave_threads_to_people_in_each_worker() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert configuration(2, listener, print)["threads"] >= INSIDE_MAX + THREADS


def test_exactly_one_leads_and_a_lost_connection_loses_the_lead(tmp_path: Path) -> None:
    with province(tmp_path, database=POSTGRES) as made:
        nodes = [worker(made.centre), worker(made.centre)]
        first, second = (Lead(node.database) for node in nodes)
        assert [first.holds(), second.holds(), first.holds()] == [True, False, True]
        end_connections(made.centre)
        # Both notice that they are cut off, the one that led too; then whoever asks first leads.
        assert [first.holds(), second.holds(), second.holds(), first.holds()] == [False, False, True, False]
        second.give_up()
        assert [first.holds(), second.holds()] == [True, False]
        for lead, node in zip((first, second), nodes, strict=True):
            lead.give_up()
            node.close()


def test_the_scheduled_work_begins_with_the_lead_and_ends_with_it(tmp_path: Path) -> None:
    class Work:
        def __init__(self) -> None:
            self.going = True

        def stop(self) -> None:
            self.going = False

    with province(tmp_path, database=POSTGRES) as made:
        node, made_work = worker(made.centre), []
        chief = Chief(node, lambda node: made_work.append(Work()) or made_work[-1], look_seconds=0.01)  # type: ignore[arg-type,func-returns-value]
        chief.start()
        until(lambda: made_work, "the work begins")
        chief.stop()
        assert [work.going for work in made_work] == [False]
        node.close()


def test_a_folder_that_does_not_belong_to_the_database_is_refused(tmp_path: Path) -> None:
    with province(tmp_path, database=POSTGRES) as made, pytest.raises(Refused, match="other_database"):
        init_node(replace(made.centre.settings, instance=tmp_path / "other"))
