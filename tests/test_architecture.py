"""The rules that hold across files: who may import whom, who reads the clock, who commits, how long a file may be.

A rule here and a contract in setup.cfg are changed only together with a page in docs/decisions/.
"""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"
LINES_MAX = 300

CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
# Beside the one clock: benchmarks take the time of day for their own reports.
READ_THE_CLOCK = {"intake_app/clock.py", "intake_app/benchmarks.py"}
OPEN_TRANSACTIONS = (
    "intake_app/actions/",
    "intake_app/store/",  # where transaction() is made, and the tables with it
    "intake_app/node.py",  # a node's own identity, before there is anyone who could act
)
COMMIT = {"intake_app/store/database.py"}
# sync/ gets what happens outside as values; these three are where it touches the outside.
ADAPTERS = {"sync/transport.py", "sync/bundle.py", "sync/schedule.py"}
OUTSIDE = {"os", "random", "secrets", "shutil", "socket", "subprocess", "tempfile", "threading", "time", "urllib"}


def product_files(*endings: str) -> list[Path]:
    """Gives the files of the product by ending: code, not data, and nothing that others wrote."""
    rooms = [HOME / room for room in ("intake_app", "forms", "sync", "tools")]
    files = [file for room in rooms for file in room.rglob("*") if file.suffix in endings]
    files += [file for file in HOME.glob("*.py") if ".py" in endings]
    return [file for file in files if "vendor" not in file.parts and "versions" not in file.parts]


def name_of(file: Path) -> str:
    """Names a file as one says it in this project."""
    return file.relative_to(HOME).as_posix()


@cache
def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    """Gives every piece of code in a file, read once for all rules."""
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def found(wanted: Callable[[ast.AST], bool]) -> Iterator[str]:
    """Gives the files of the product in which a piece of code of that kind stands, with its line."""
    for file in product_files(".py"):
        for node in nodes_of(file):
            if wanted(node):
                yield f"{name_of(file)}:{getattr(node, 'lineno', 0)}"


def outside_of(allowed: tuple[str, ...] | set[str], places: Iterator[str]) -> list[str]:
    """Gives the places that are in none of the allowed files or folders."""
    return [place for place in places if not place.split(":")[0].startswith(tuple(allowed))]


def is_call_of(node: ast.AST, *methods: str) -> bool:
    """Tells whether this calls a method of one of these names."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods


def opens_transaction(node: ast.AST) -> bool:
    """Tells whether this opens a transaction, by the database's own word or past it on an engine or a connection."""
    if is_call_of(node, "begin"):
        return ast.unparse(node).split(".begin(")[0].endswith(("engine", "connection", "session", "db"))
    return is_call_of(node, "transaction")


def reads_clock(node: ast.AST) -> bool:
    """Tells whether this names the time of day, as `datetime.now` or as `from time import time`."""
    if isinstance(node, ast.Attribute):
        return any(f".{ast.unparse(node)}".endswith(f".{clock}") for clock in CLOCKS)
    names = {name.name for name in node.names} if isinstance(node, ast.ImportFrom) and node.module == "time" else set()
    return bool({"time", "time_ns"} & names)


def imported(node: ast.AST) -> set[str]:
    """Gives the packages that this imports."""
    if isinstance(node, ast.Import):
        return {name.name.split(".")[0] for name in node.names}
    return {(node.module or "").split(".")[0]} if isinstance(node, ast.ImportFrom) else set()


def test_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--no-logo", "--no-cache"], cwd=HOME, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_contracts_know_every_package_of_the_product() -> None:
    config = configparser.ConfigParser(interpolation=None)
    config.read(HOME / "setup.cfg", encoding="utf-8")
    packages = {file.parent.name for file in HOME.glob("*/*.py")} - {"tests", "tools"}
    assert packages == set(config["importlinter"]["root_packages"].split())


def test_nothing_imports_the_entrance() -> None:
    places = found(lambda node: bool({"run", "setup_venv"} & imported(node)))
    assert outside_of({"run.py", "tools/relock.py"}, places) == []


def test_only_the_clock_reads_the_time_of_day() -> None:
    assert outside_of(READ_THE_CLOCK, found(reads_clock)) == []


def test_only_the_database_commits() -> None:
    assert outside_of(COMMIT, found(lambda node: is_call_of(node, "commit"))) == []


def test_only_actions_open_transactions() -> None:
    assert outside_of(OPEN_TRANSACTIONS, found(opens_transaction)) == []


def test_core_of_the_exchange_touches_nothing_outside() -> None:
    places = found(lambda node: bool(OUTSIDE & imported(node)) or is_call_of(node, "uuid4", "uuid7"))
    assert [place for place in places if place.startswith("sync/") and place.split(":")[0] not in ADAPTERS] == []


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    files = product_files(".py", ".js", ".html")
    long = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: lines for name, lines in long.items() if lines > LINES_MAX} == {}


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    files = product_files(".py", ".js", ".html", ".css")
    assert [name_of(file) for file in files if later.search(file.read_text(encoding="utf-8"))] == []


def test_no_file_has_a_name_for_anything() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "services"}
    assert [name_of(file) for file in product_files(".py") if file.stem in vague or file.parent.name in vague] == []
