"""`export`: the reports as a file."""

from __future__ import annotations

import errno
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

from intake_app.actions.export_reports import export_reports
from intake_app.actions.note_export import note_exported
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser, WrongUse
from intake_app.cli.printing import Progress, print_json
from intake_app.desk.sight import may_see, narrowed_to
from intake_app.exporting import write_csv, write_jsonl, write_xlsx
from intake_app.files import replacing
from intake_app.node import Node
from intake_app.words import gettext as _

FORMATS = ("csv", "xlsx", "jsonl")
TELL_EVERY = 500


def export_arguments(parser: Parser) -> None:
    """[--format csv|xlsx|jsonl] [--out FILE]"""
    parser.add_argument(
        "--format", choices=FORMATS, help=_("csv, xlsx or jsonl; without it the ending of FILE, or csv")
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help=_("the file to write; without it standard output"))


def export(call: Call) -> int:
    """Writes the reports that the person may see."""
    out, kind = call.values.out, _format(call)
    if out is None and call.json:
        raise WrongUse(_("--json needs --out FILE here: the reports themselves would go to standard output."))
    if out is None and kind == "xlsx" and sys.stdout.isatty():
        raise WrongUse(_("An Excel file cannot be shown here. Say where to write it with --out FILE."))
    if out is None:
        _to_stdout(call, kind)
        return DONE
    if out.is_dir():
        raise IsADirectoryError(errno.EISDIR, "", str(out))
    if not out.absolute().parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "", str(out.absolute().parent))
    with replacing(out.absolute()) as file:
        count = _write(call, kind, file)
    if call.json:
        print_json({"reports": count, "file": str(out), "format": kind})
    else:
        print(_("%(count)s reports written to %(file)s.", count=count, file=out))
    return DONE


def _format(call: Call) -> str:
    if call.values.format:
        return call.values.format
    ending = call.values.out.suffix.lstrip(".").lower() if call.values.out else ""
    return ending if ending in FORMATS else "csv"


def _to_stdout(call: Call, kind: str) -> None:
    sys.stdout.flush()
    if kind != "xlsx":
        _write(call, kind, sys.stdout.buffer)
    else:
        # A workbook is a ZIP archive, which is finished at its beginning: that needs a file.
        with tempfile.TemporaryFile() as file:
            _write(call, kind, file)
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _write(call: Call, kind: str, out: IO[bytes]) -> int:
    with call.acting() as (node, actor):
        note_exported(node, actor, "reports", kind)
        progress = Progress()
        lines = _told(export_reports(node, partial(may_see, narrowed_to(node, actor))), progress)
        try:
            return _writer(kind, lines, out, node)
        finally:
            progress.end()


def _writer(kind: str, lines: Iterator[dict[str, object]], out: IO[bytes], node: Node) -> int:
    if kind == "jsonl":
        return write_jsonl(lines, out)
    return (write_csv if kind == "csv" else write_xlsx)(lines, out, node.directory, _)


def _told(lines: Iterator[dict[str, object]], progress: Progress) -> Iterator[dict[str, object]]:
    for count, line in enumerate(lines, 1):
        if count % TELL_EVERY == 0:
            progress(count)
        yield line


COMMANDS = {"export": (export_arguments, export)}
