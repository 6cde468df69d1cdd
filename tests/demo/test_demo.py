"""The demo as a person starts it: four processes, links that are cut, and nothing left at the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from intake_app.actions.setup import set_up
from intake_app.demo.children import ChildFailed, end_all, start_child, wait_until_serving
from intake_app.demo.province import ports
from intake_app.demo.stage import play
from intake_app.serve import PortTaken, running_address

HOME = Path(__file__).resolve().parents[2]
# Generous: on a loaded machine four interpreters start at once. A sound demo needs a tenth of it.
READY_SECONDS = 120
ARRIVE_SECONDS = 60
OFFICE = "0380"
LINE = {
    "channel": "phone",
    "topic": "price_fraud",
    "summary": "Khi mất mạng",
    "unit": "2021:14758",
    "source_id": "cut-1",
}


def free_ports() -> int:
    """The first of ten ports of which none is taken."""
    # Several test processes look at once: each in a thousand of its own, or two would find the same ten free.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for first in range(18_100 + 1000 * (worker % 10), 30_000, 10):
        try:
            for port in ports(first):
                bound(port).close()
            return first
        except OSError:
            continue
    raise AssertionError("no ten free ports on this machine")


def bound(port: int) -> socket.socket:
    other = socket.socket()
    # A port of a demo that has just ended is free for servers, and servers say so.
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        other.bind(("127.0.0.1", port))
    except OSError:
        other.close()
        raise
    return other


def command(*argv: str) -> list[str]:
    return [sys.executable, "-c", "import sys; from intake_app.cli import main; sys.exit(main(sys.argv[1:]))", *argv]


class Stage:
    """A demo that runs."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.first_port = free_ports()
        argv = ("demo", "--json", "--no-browser", "--port", str(self.first_port), "--instance", str(instance))
        self.process = subprocess.Popen(
            command(*argv), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=HOME, env=dict(os.environ)
        )
        self.told = json.loads(self.process.stdout.readline())

    def folder(self, name: str) -> Path:
        return self.instance / "demo" / name

    def pids(self) -> list[int]:
        return [json.loads(file.read_text())["pid"] for file in self.instance.glob("demo/*/serve.json")]

    def switch(self, act: str) -> None:
        urllib.request.urlopen(f"{self.told['control']}/links/{OFFICE}/{act}", data=b"", timeout=10).close()

    def links(self) -> dict[str, str]:
        with urllib.request.urlopen(f"{self.told['control']}/links", timeout=10) as answer:
            return json.load(answer)

    def run(self, folder: str, *argv: str, stdin: str = "") -> str:
        done = subprocess.run(
            command(*argv, "--instance", str(self.folder(folder))),
            input=stdin, capture_output=True, text=True, cwd=HOME, check=True,
        )  # fmt: skip
        return done.stdout

    def holds(self, folder: str, source_id: str) -> bool:
        return f'"{source_id}"' in self.run(folder, "export", "--format", "jsonl")


@pytest.fixture(scope="module")
def stage(tmp_path_factory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("demo"))
    yield made
    made.process.terminate()
    made.process.communicate(timeout=READY_SECONDS)


def wait_for(what: Callable[[], bool], seconds: float = ARRIVE_SECONDS) -> bool:
    give_up = time.monotonic() + seconds
    while not (done := what()) and time.monotonic() < give_up:
        time.sleep(0.5)
    return done


def test_every_node_answers_under_its_address(stage):
    assert [node["office"] for node in stage.told["nodes"]] == ["1022", "0380", "0382", "3042"]
    for node in stage.told["nodes"]:
        with urllib.request.urlopen(node["address"] + "/healthz", timeout=10) as answer:
            assert answer.status == 200


def test_some_samples_are_answered_and_answers_come_back(stage):
    answered = json.loads(stage.run("central", "status", "--json"))
    assert answered["reports"] >= 100
    assert wait_for(lambda: '"answered"' in stage.run("office-0380", "export", "--format", "jsonl"))


def test_report_recorded_without_network_arrives_when_it_is_back(stage):
    stage.switch("cut")
    assert stage.links()[OFFICE] == "cut"
    stage.run("office-0380", "record", "-", stdin=json.dumps(LINE))
    time.sleep(4)  # longer than the pause between two exchanges
    assert not stage.holds("central", "cut-1")
    stage.switch("restore")
    assert wait_for(lambda: stage.holds("central", "cut-1"))


def test_control_page_speaks_both_languages_and_takes_no_stranger(stage):
    with urllib.request.urlopen(stage.told["control"] + "/?lang=en", timeout=10) as page:
        text = page.read().decode()
        assert "The demo province" in text and "script" not in text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    request = urllib.request.Request(f"{stage.told['control']}/links/0382/cut", data=b"", method="POST")
    request.add_header("Origin", "http://elsewhere.example")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=10)


def test_second_demo_of_the_same_folder_says_where_the_first_is(stage):
    argv = command("demo", "--no-browser", "--port", "8100", "--instance", str(stage.instance))
    said = subprocess.run(argv, capture_output=True, text=True, cwd=HOME, check=False)
    assert said.returncode == 2 and stage.told["control"] in said.stderr


@pytest.mark.skipif(os.name != "posix", reason="asks for processes by their id")
def test_end_of_the_demo_leaves_no_process(stage):
    pids = stage.pids()
    assert len(pids) == 4
    stage.process.send_signal(signal.SIGTERM)
    assert stage.process.wait(READY_SECONDS) == 0
    assert [pid for pid in pids if lives(pid)] == []


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_taken_port_is_told_before_anything_is_made(tmp_path):
    first = free_ports()
    with bound(first + 9) as other:
        other.listen()
        with pytest.raises(PortTaken):
            play(tmp_path / "demo", first, say=print, tell=print, gone=print, open_browser=False)
    assert not (tmp_path / "demo" / "central").exists()


def test_node_that_does_not_start_says_why(tmp_path):
    instance = tmp_path / "n"
    set_up(instance, "office", "0380", "quantri", "Vũ Văn Quản", "một mật khẩu dài")
    (instance / "secret.key").unlink()
    child = start_child("0380", instance, free_ports())
    with pytest.raises(ChildFailed) as refusal:
        wait_until_serving(child)
    assert "secret.key" in refusal.value.params["said"]


def test_running_node_is_ended_by_its_own_id(tmp_path):
    instance = tmp_path / "n"
    set_up(instance, "office", "0380", "quantri", "Vũ Văn Quản", "một mật khẩu dài")
    child = start_child("0380", instance, free_ports())
    wait_until_serving(child)
    end_all([child])
    assert child.process.returncode == 0 and running_address(instance) is None
