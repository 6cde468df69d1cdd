"""`bench`, and the help of `test`, which run.py itself runs."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

from intake_app.benchmarks import ROOT, TIMES, Measured, find_benchmarks, machine, measure
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser, WrongUse
from intake_app.cli.printing import print_json, print_table
from intake_app.words import gettext as _

DATABASES = ("sqlite", "postgresql")
OPTIONS = ("nodes", "events", "database", "stored", "workers")  # handed to the benchmarks that know them


def bench_arguments(parser: Parser) -> None:
    """[NAME …] [--reports N] [--times N] | exchange [--stored N] | herd [--nodes N] [--events N] [--database KIND] [--workers N]
    | centre [--database KIND] | simulate [--seeds N] [--events N] [--first N] [--jobs N] [--bugs]"""
    parser.add_argument("names", metavar="NAME", nargs="*", help=_("which benchmarks; without a name all"))
    parser.add_argument(
        "--reports", metavar="N", type=_count, help=_("with how many reports, instead of what each goal is about")
    )
    parser.add_argument("--times", metavar="N", type=_count, default=TIMES, help=_("how often each is run (3)"))
    parser.add_argument("--seeds", metavar="N", type=_count, help=_("simulate: how many seeds (1000)"))
    parser.add_argument(
        "--events",
        metavar="N",
        type=_count,
        help=_("how many events: simulate, in each world (1000); herd, of each node (100)"),
    )
    parser.add_argument("--first", metavar="N", type=int, help=_("simulate: the first seed (0)"))
    parser.add_argument("--jobs", metavar="N", type=_count, help=_("simulate: in how many processes (2)"))
    parser.add_argument("--bugs", action="store_true", help=_("simulate: plant each known bug until it is found"))
    parser.add_argument(
        "--stored", metavar="N", type=_count, help=_("exchange: push beside so many reports that are there")
    )
    parser.add_argument("--nodes", metavar="N", type=_count, help=_("herd: how many nodes call at once (587)"))
    parser.add_argument(
        "--workers", metavar="N", type=_count, help=_("herd: in how many processes PostgreSQL is served (1)")
    )
    parser.add_argument("--database", choices=DATABASES, help=_("herd, centre: what the centre keeps its data in (sqlite)"))


def _count(text: str) -> int:
    """A whole number from one on, as typed."""
    if not text.isascii() or not text.isdigit() or not int(text):
        raise ValueError(text)
    return int(text)


def bench(call: Call) -> int:
    """Runs benchmarks and prints their medians."""
    known = find_benchmarks()
    if unknown := [name for name in call.values.names if name not in known]:
        raise WrongUse(_("There is no benchmark %(name)s. Known: %(known)s.", name=unknown[0], known=", ".join(known)))
    if call.values.names == ["simulate"]:
        # Only who asks for it imports the simulator.
        from intake_app.cli.simulating import simulate

        return simulate(call)
    measured: list[Measured] = []
    usual = [name for name, benchmark in known.items() if not getattr(benchmark, "ON_REQUEST", False)]
    for name in call.values.names or usual:
        tell = partial(_tell, name)
        options = {option: value for option in OPTIONS if (value := getattr(call.values, option)) is not None}
        measured += measure(known[name], tell, call.values.reports, call.values.times, options)
    if call.json:
        print_json({"machine": machine(), "figures": [_as_json(one) for one in measured]})
    else:
        _print(measured)
    return DONE


def _tell(name: str, run: int, runs: int) -> None:
    print(_("%(name)s: run %(run)s of %(runs)s", name=name, run=run, runs=runs), file=sys.stderr)


def _as_json(one: Measured) -> dict[str, object]:
    figure = one.figure
    return {
        "benchmark": one.benchmark,
        "what": figure.what,
        "median": figure.value,
        "values": list(one.values),
        "unit": figure.unit,
        "goal": figure.goal,
        "reached": figure.reached,
    }


def _print(measured: list[Measured]) -> None:
    marks = {True: "✓", False: "✗", None: ""}
    heads = (_("Benchmark"), _("What"), _("Median"), _("Unit"), _("Goal"), "")
    print_table(
        heads,
        [(one.benchmark, one.figure.what, f"{one.figure.value:.6g}", one.figure.unit, one.figure.goal,
          marks[one.figure.reached]) for one in measured],
    )  # fmt: skip
    print("; ".join(f"{name}: {value}" for name, value in machine().items()))


def test_arguments(parser: Parser) -> None:
    """[pytest arguments]"""
    parser.add_argument("pytest_arguments", metavar="…", nargs="*", help=_("handed on to pytest"))


def test(call: Call) -> int:
    """Runs the tests, for somebody who started run.py with the Python of .venv; otherwise run.py does it itself."""
    return subprocess.call([sys.executable, "-m", "pytest", *call.values.pytest_arguments], cwd=ROOT)


COMMANDS = {"bench": (bench_arguments, bench), "test": (test_arguments, test)}
