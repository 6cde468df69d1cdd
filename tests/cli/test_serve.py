"""The running node, as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[2] / "run.py"
ENGLISH = dict(os.environ, INTAKE_LANG="en", PYTHONUTF8="1")
END_SECONDS = 20


def command(instance: Path, *argv: str) -> list[str]:
    return [
        sys.executable,
        "-c",
        "import sys; from intake_app.cli import main; sys.exit(main(sys.argv[1:]))",
        *argv,
    ] + [
        "--instance",
        str(instance),
    ]


@contextmanager
def serving(instance: Path, *argv: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """A node that serves, and the address in the line with which it says so."""
    start = command(instance, "serve", "--no-browser", "--port", str(free_port()), *argv)
    process = subprocess.Popen(
        start, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENGLISH, cwd=RUN.parent
    )
    try:
        line = process.stdout.readline()
        yield process, line[line.index("http://") :].split()[0]
    finally:
        process.terminate()
        process.communicate(timeout=END_SECONDS)


def call(instance: Path, *argv: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(instance, *argv), capture_output=True, text=True, env=ENGLISH, timeout=60, check=False, cwd=RUN.parent
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def page(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.status, answer.read().decode()


def test_node_serves_until_it_is_asked_to_end(office):
    with serving(office) as (process, address):
        assert page(address + "/healthz")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(END_SECONDS) == 0
    assert not (office / "intake.db-wal").exists() and not (office / "serve.json").exists()


def test_second_start_says_where_the_first_one_is(office):
    with serving(office) as (_, address):
        again = call(office, "serve", "--no-browser")
        elsewhere = call(office, "serve", "--no-browser", "--port", "1")
    assert (again.returncode, elsewhere.returncode) == (0, 2)
    assert address in again.stdout and address in elsewhere.stdout


def test_killed_node_does_not_block_the_next_start(office):
    with serving(office) as (process, _):
        process.kill()
        process.wait(END_SECONDS)
        with serving(office) as (_, address):
            assert page(address + "/healthz")[0] == 200


def test_taken_port_is_one_sentence(office):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said = call(office, "serve", "--no-browser", "--port", str(other.getsockname()[1]))
    assert said.returncode == 2 and said.stderr.count("\n") == 1 and "--port" in said.stderr


def test_commands_work_beside_the_running_node(office):
    with serving(office):
        assert call(office, "status", "--json").returncode == 0
        assert call(office, "user", "list").returncode == 0


def test_node_that_is_not_set_up_offers_a_link_that_works_once_found(tmp_path):
    with serving(tmp_path / "new") as (_, link):
        assert "/setup/" in link and page(link)[0] == 200
        with pytest.raises(urllib.error.HTTPError, match="404"):
            page(link[:-3] + "xyz")


def test_node_of_a_demo_ends_with_its_parent(office):
    # The parent named here is not the one it has, as if that had died.
    start = command(office, "serve", "--no-browser", "--port", str(free_port()))
    env = ENGLISH | {"INTAKE_ENDS_WITH": "1"}
    if os.name == "posix" and os.getpid() != 1:
        assert (
            subprocess.run(start, env=env, capture_output=True, timeout=60, check=False, cwd=RUN.parent).returncode == 0
        )


def test_reader_that_goes_away_is_no_error(office):
    said = subprocess.Popen(
        command(office, "export", "--format", "jsonl"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENGLISH,
        cwd=RUN.parent,
    )
    said.stdout.close()
    assert said.stderr.read() == b"" and said.wait(END_SECONDS) == 0
    said.stderr.close()


def test_start_loads_nothing_that_is_to_be_lazy(office):
    lazy = ("requests", "alembic", "xlsxwriter", "phonenumbers", "segno")
    code = f"import sys, intake_app.cli.serving, intake_app.serve; print([x for x in {lazy} if x in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=RUN.parent)
    assert said.stdout.strip() == "[]"
