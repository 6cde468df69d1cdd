"""`record` and `import-csv`: many reports at once, through the same validation as the form."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from intake_app.actions.csv_lines import lines_from_csv
from intake_app.actions.import_mapping import read_mapping
from intake_app.actions.record_report import LinesOutcome, record_lines
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE, IN_PART
from intake_app.cli.parsing import Parser
from intake_app.cli.printing import Progress, print_json
from intake_app.cli.refusing import why
from intake_app.store.shipped import load_directory
from intake_app.words import gettext as _
from sync.errors import Problem

# The largest report with every field at its limit takes some 30 KB; what is longer is no report but a wrong file.
LINE_BYTES_MAX = 256_000
STDIN = "-"


def record_arguments(parser: Parser) -> None:
    """FILE."""
    parser.add_argument("file", metavar="FILE", help=_("a file of JSON lines, or - for standard input"))


def record(call: Call) -> int:
    """Records the reports of a file of JSON lines."""
    with _opened(call.values.file) as lines:
        return _record(call, read_lines(lines))


def import_csv_arguments(parser: Parser) -> None:
    """FILE --mapping FILE.toml"""
    parser.add_argument("file", metavar="FILE", type=Path, help=_("a CSV file, or - for standard input"))
    parser.add_argument(
        "--mapping", metavar="FILE.toml", type=Path, required=True, help=_("which column is which key of a record line")
    )


def import_csv(call: Call) -> int:
    """Records the reports of a CSV file; a line that is known by its key is passed over, so it can be started again."""
    mapping = read_mapping(call.values.mapping.read_bytes(), load_directory())
    with _opened(str(call.values.file)) as rows:
        return _record(call, lines_from_csv(rows, mapping))


def _record(call: Call, lines: Iterator[tuple[int, dict[str, object] | Problem]]) -> int:
    progress = Progress()
    with call.acting() as (node, actor):
        try:
            outcome = record_lines(node, actor, lines, progress=progress)
        finally:
            progress.end()
    return _told(outcome, call)


def _told(outcome: LinesOutcome, call: Call) -> int:
    refused = [{"line": line, "why": _why(code, params, field)} for line, code, params, field in outcome.refused]
    if call.json:
        print_json({"recorded": outcome.recorded, "known": outcome.known, "refused": refused})
    else:
        print(_("Recorded: %(recorded)s. Known before: %(known)s. Refused: %(refused)s.",
                recorded=outcome.recorded, known=outcome.known, refused=len(refused)))  # fmt: skip
        for one in refused:
            print(_("line %(line)s: %(why)s", **one))
    return IN_PART if refused else DONE


def _why(code: str, params: Mapping[str, object], field: str) -> str:
    return f"{field}: {why(code, params)}" if field else why(code, params)


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    if name == STDIN:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as lines:
        yield lines


def read_lines(lines: IO[bytes]) -> Iterator[tuple[int, dict[str, object] | Problem]]:
    """Gives each line with its number: the object it holds, or why it holds none. Blank lines are passed over."""
    number = 0
    while raw := lines.readline(LINE_BYTES_MAX + 1):
        number += 1
        if len(raw) > LINE_BYTES_MAX:
            _skip_line(lines, raw)
            yield number, Problem("line_too_long", {"max": LINE_BYTES_MAX})
        elif raw.strip():
            yield number, _read_line(raw)


def _skip_line(lines: IO[bytes], raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = lines.readline(LINE_BYTES_MAX)


def _read_line(raw: bytes) -> dict[str, object] | Problem:
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Problem("not_utf8")
    # Brackets nested a thousand deep are how somebody tests us, not how somebody reports.
    except (ValueError, RecursionError):
        return Problem("not_json")
    return value if isinstance(value, dict) else Problem("not_an_object")


COMMANDS = {"record": (record_arguments, record), "import-csv": (import_csv_arguments, import_csv)}
