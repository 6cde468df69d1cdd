"""Exports in the background: asked for by a person, made by a process of their own, fetched and removed.

Every file is made in one go. What was interrupted begins anew; nobody ever fetches half a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import IO

from intake_app.actions.export_reports import export_reports, without_identity
from intake_app.clock import PROVINCE_ZONE
from intake_app.exporting import write_csv, write_jsonl, write_xlsx
from intake_app.files import make_private_folder, replacing
from intake_app.node import Actor, Node
from intake_app.store import audits, exports
from intake_app.store.exports import Export
from intake_app.store.walk import ALWAYS, count_received
from intake_app.words import in_language
from sync.errors import Refused

FOLDER = "exports"
FORMATS = ("csv", "xlsx", "jsonl")
EXPORTERS = frozenset({"dispatcher", "administrator", "auditor"})
WAITING_MAX = 3  # of one person: each takes minutes of a processor and room on the disk
TELL_EVERY = 1000
STARTS_MAX = 3  # what ends three times ends always
SILENT_MS = 120_000  # a process that has not said anything for so long is gone
DAY_MS = 86_400_000


class EndedMeanwhile(Exception):
    """Somebody ended the export that is being made."""


def ask_export(node: Node, actor: Actor, ending: str, language: str, days: tuple[date, date] | None) -> int:
    """Ask for a file of all reports, or of those received in some days; returns its number."""
    _require(actor)
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        own = [one for one in exports.under_way(db) if one.asked_by == actor.person]
        if len(own) >= WAITING_MAX:
            raise Refused("too_many_exports", max=WAITING_MAX)
        spelled = (days[0].isoformat(), days[1].isoformat()) if days else None
        no = exports.add(db, now, actor.person, actor.name, ending, language, spelled)
        audits.note(db, now, actor.person, "export.asked", str(no), format=ending, days=spelled)
    return no


def make_export(node: Node, no: int) -> bool:
    """Write the file of an export; False where there was nothing to do any more. What breaks is kept in words."""
    with node.database.read() as db:
        wanted = exports.find(db, no)
        if wanted is None or wanted.state != "waiting":
            return False
        total = count_received(db, _received(wanted))
    with node.database.transaction() as db:
        begun = exports.begin(db, no, total, node.clock.now_ms())
    if not begun:
        return False
    try:
        return _write(node, wanted)
    except EndedMeanwhile:
        return False
    except OSError as problem:
        _failed(node, no, os.strerror(problem.errno) if problem.errno else type(problem).__name__)
        return False


def _write(node: Node, wanted: Export) -> bool:
    folder = node.settings.instance / FOLDER
    make_private_folder(folder)
    name = f"{wanted.no}-{node.entropy(8).hex()}.{wanted.format}"
    with replacing(folder / name) as out:
        count = _writer(node, wanted)(_told(node, wanted), out)
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        kept = exports.finish(db, wanted.no, count, name, (folder / name).stat().st_size, now)
        if kept:
            audits.note(db, now, wanted.asked_by, "export.made", str(wanted.no), reports=count)
    if not kept:
        (folder / name).unlink(missing_ok=True)
    return kept


def _writer(node: Node, wanted: Export) -> Callable[[Iterator[dict[str, object]], IO[bytes]], int]:
    if wanted.format == "jsonl":
        return write_jsonl
    write = write_csv if wanted.format == "csv" else write_xlsx
    return partial(write, directory=node.directory, translate=partial(in_language, wanted.language))


def _told(node: Node, wanted: Export) -> Iterator[dict[str, object]]:
    """The lines, while the page of exports is told how far it is. Who reported in secret is in no file that a page makes."""
    for count, line in enumerate(export_reports(node, received=_received(wanted)), 1):
        if count % TELL_EVERY == 0:
            with node.database.transaction() as db:
                if not exports.tell(db, wanted.no, count, node.clock.now_ms()):
                    raise EndedMeanwhile
        yield without_identity(line) if line.get("confidential") else line


def _received(wanted: Export) -> tuple[int, int]:
    if wanted.first_day is None or wanted.last_day is None:
        return ALWAYS
    return _midnight(wanted.first_day), _midnight(wanted.last_day, 1)


def _midnight(day: str, more: int = 0) -> int:
    moment = datetime.combine(date.fromisoformat(day) + timedelta(days=more), time(), PROVINCE_ZONE)
    return round(moment.timestamp() * 1000)


def _failed(node: Node, no: int, problem: str) -> None:
    with node.database.transaction() as db:
        exports.end(db, no, "failed", node.clock.now_ms(), problem)


def next_export(node: Node) -> int | None:
    """The number of the export to be made next; what a dead process left behind waits again, or is given up."""
    now = node.clock.now_ms()
    with node.database.read() as db:
        found = exports.under_way(db)
    gone = [one for one in found if one.state == "running" and now - (one.told_ms or 0) > SILENT_MS]
    if gone:
        with node.database.transaction() as db:
            for one in gone:
                if one.starts >= STARTS_MAX:
                    exports.end(db, one.no, "failed", now, "interrupted")
                else:
                    exports.put_back(db, one.no)
        return next_export(node)
    if any(one.state == "running" for one in found):
        return None
    return found[0].no if found else None


def fetch_export(node: Node, actor: Actor, no: int) -> tuple[Export, Path]:
    """The file of an export, for whoever may have it; each fetching is written down."""
    wanted = _own(node, actor, no)
    file = node.settings.instance / FOLDER / (wanted.file or "")
    if wanted.state != "done" or not file.is_file():
        raise Refused("export_gone")
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        audits.note(db, now, actor.person, "export.fetched", str(no), bytes=wanted.bytes)
    return wanted, file


def end_export(node: Node, actor: Actor, no: int) -> None:
    """End an export that is under way, or remove its file."""
    wanted, now = _own(node, actor, no), node.clock.now_ms()
    with node.database.transaction() as db:
        exports.end(db, no, "removed" if wanted.state == "done" else "ended", now)
        audits.note(db, now, actor.person, "export.removed", str(no))
    _unlink(node, wanted)


def remove_old_exports(node: Node) -> int:
    """Remove the files that have lain there for the days that the settings say; returns how many."""
    now = node.clock.now_ms()
    with node.database.read() as db:
        found = exports.old(db, now - node.settings.export_keep_days * DAY_MS)
    for one in found:
        _unlink(node, one)
        with node.database.transaction() as db:
            exports.end(db, one.no, "removed", now)
            audits.note(db, now, None, "export.removed", str(one.no))
    return len(found)


def _unlink(node: Node, one: Export) -> None:
    if one.file:
        with suppress(FileNotFoundError):
            (node.settings.instance / FOLDER / one.file).unlink()


def _require(actor: Actor) -> None:
    if not actor.roles & EXPORTERS:
        raise Refused("not_allowed")


def _own(node: Node, actor: Actor, no: int) -> Export:
    """An export of this person; an administrator's are everybody's."""
    _require(actor)
    with node.database.read() as db:
        found = exports.find(db, no)
    if found is None or (found.asked_by != actor.person and "administrator" not in actor.roles):
        raise Refused("export_gone")
    return found
