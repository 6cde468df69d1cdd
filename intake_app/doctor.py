"""What may be wrong with this computer or this node, and what to do about it.

Reads only, and never fails: a check that cannot be made says so, for the doctor is called when things are broken.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from forms.past import past
from intake_app.actions.backup_health import HOUR_MS, STALE_HOURS_MIN, STALE_TIMES
from intake_app.clock import PROVINCE_ZONE, Clock, iso, utc_year
from intake_app.config import BadSettings, Settings, load_settings
from intake_app.locking import SERVE_LOCK, Held, holding
from intake_app.node import DATABASE_FILE
from intake_app.serve import running_address
from intake_app.words import gettext as _

LIBRARIES = ("flask", "sqlalchemy", "cheroot", "apscheduler", "requests", "cryptography", "zstandard")
# A day of reports with photos at a busy district; below it people should act, not only know.
DISK_FREE_MB_MIN = 500
# The exchange works with any clock; what people read on a receipt should not be wrong by more than this.
CLOCK_WRONG_SECONDS = 120
FIRST_YEAR = 2021
CONNECT_SECONDS = 3
SYNCED_FOLDERS = ("onedrive", "dropbox", "google drive", "googledrive", "icloud")


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was found, and what to do if it is not well."""

    name: str
    title: str
    ok: bool
    found: str
    advice: str = ""


def examine(instance: Path) -> list[Check]:
    """Looks at everything, one after the other."""
    return [_carefully(check, instance) for check in CHECKS]


def _carefully(check: Callable[[Path], Check], instance: Path) -> Check:
    try:
        return check(instance)
    except Exception as problem:  # noqa: BLE001 - what is broken is exactly what is being looked for
        name = check.__name__.removeprefix("_")
        return Check(name, name, False, f"{type(problem).__name__}: {problem}", _("Tell the administrator."))


def _versions(_instance: Path) -> Check:
    python = platform.python_version()
    libraries = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    found = f"Python {python}, {libraries}, {platform.platform()}"
    return Check("versions", _("Versions"), sys.version_info >= (3, 11), found)


def _sqlite(_instance: Path) -> Check:
    with closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
        except sqlite3.OperationalError:
            advice = _("Search needs a Python whose SQLite has FTS5; take the one of python.org.")
            return Check(
                "sqlite", "SQLite", False, _("%(version)s without FTS5", version=sqlite3.sqlite_version), advice
            )
    return Check("sqlite", "SQLite", True, sqlite3.sqlite_version)


def _folder(instance: Path) -> Check:
    title = _("Folder of the node")
    if not instance.exists():
        return Check("folder", title, True, _("%(folder)s is not made yet", folder=instance))
    if not os.access(instance, os.R_OK | os.W_OK | os.X_OK):
        advice = _("Give this user the right to write there, or start as the user who set it up.")
        return Check("folder", title, False, _("%(folder)s cannot be written", folder=instance), advice)
    if str(instance).startswith("\\\\") or any(word in str(instance).lower() for word in SYNCED_FOLDERS):
        advice = _("Move the folder to a local disk that no program copies elsewhere: the database would be damaged.")
        return Check("folder", title, False, _("%(folder)s lies in a shared folder", folder=instance), advice)
    if os.name == "posix" and instance.stat().st_mode & 0o077:
        advice = _("Close it to other users: chmod 700 %(folder)s", folder=instance)
        return Check("folder", title, False, _("other users can look into %(folder)s", folder=instance), advice)
    return Check("folder", title, True, str(instance))


def _settings(instance: Path) -> Check:
    title = _("Set-up")
    try:
        settings = load_settings(instance)
    except BadSettings as problem:
        found = ", ".join(str(value) for value in problem.params.values())
        return Check("settings", title, False, found, _("Correct settings.toml, or take it from a backup."))
    if settings.role is None:
        return Check("settings", title, True, _("nothing is set up yet"), _("Start with: run.py serve, or run.py init"))
    found = _(
        "%(role)s, office %(office)s, port %(port)s", role=settings.role, office=settings.office, port=settings.port
    )
    return Check("settings", title, True, found)


def _database(instance: Path) -> Check:
    title = _("Database")
    settings = load_settings(instance)
    if settings.role is None:
        return Check("database", title, True, _("there is none yet"))
    if settings.database_url:
        return Check("database", title, True, urlsplit(settings.database_url).scheme)
    file = database_file(settings)
    with closing(_open_to_read(file)) as db:
        verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        advice = _("Stop the node, keep a copy of the folder, and restore the newest backup.")
        return Check("database", title, False, verdict, advice)
    return Check("database", title, True, _("sound, %(size)s MB", size=_megabytes(file.stat().st_size)))


def database_file(settings: Settings) -> Path:
    """Where the node's SQLite database is."""
    return settings.instance / DATABASE_FILE


def _open_to_read(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)


def _disk(instance: Path) -> Check:
    free = _megabytes(shutil.disk_usage(next(_there(instance))).free)
    found = _("%(free)s MB free", free=free)
    advice = _("Make room: the node stops recording when the disk is full.") if free < DISK_FREE_MB_MIN else ""
    return Check("disk", _("Disk"), not advice, found, advice)


def _there(folder: Path) -> Iterator[Path]:
    yield from (place for place in (folder, *folder.parents) if place.exists())


def _megabytes(size: int) -> int:
    return size // 1_000_000


def _clock(instance: Path) -> Check:
    now = Clock().now_ms()
    advice = _("Set the date and time of this computer; reports stay in order whatever it shows.")
    offset = _offset_seconds(instance)
    if utc_year(now) < FIRST_YEAR:
        return Check("clock", _("Clock"), False, iso(now), advice)
    if offset is not None and abs(offset) > CLOCK_WRONG_SECONDS:
        found = _("%(now)s; wrong by %(seconds)s seconds compared with the centre", now=iso(now), seconds=offset)
        return Check("clock", _("Clock"), False, found, advice)
    return Check("clock", _("Clock"), True, f"{iso(now)} ({PROVINCE_ZONE})")


def _offset_seconds(instance: Path) -> int | None:
    row = _upstream(instance, "clock_offset_ms")
    return None if row is None or row[0] is None else round(row[0] / 1000)


def _upstream(instance: Path, columns: str) -> tuple[object, ...] | None:
    settings = load_settings(instance)
    if settings.role != "office" or settings.database_url:
        return None
    with closing(_open_to_read(database_file(settings))) as db:
        return db.execute(f"SELECT {columns} FROM upstream WHERE id = 1").fetchone()


def _process(instance: Path) -> Check:
    title = _("Running")
    if not (instance / SERVE_LOCK).exists():
        return Check("process", title, True, _("not running"))
    try:
        with holding(instance / SERVE_LOCK):
            return Check("process", title, True, _("not running"))
    except Held:
        return Check("process", title, True, running_address(instance) or _("starting"))


def _backups(instance: Path) -> Check:
    title = _("Backups")
    settings = load_settings(instance)
    if settings.role is None or settings.database_url or not settings.backup_hours:
        return Check("backups", title, True, _("none are made by this node itself"))
    with closing(_open_to_read(database_file(settings))) as db:
        newest = db.execute("SELECT max(made_ms) FROM backup WHERE verified_ms IS NOT NULL").fetchone()[0]
        drill = db.execute("SELECT ok, problem, at_ms FROM drill ORDER BY no DESC LIMIT 1").fetchone()
        created = db.execute("SELECT created_ms FROM self_node").fetchone()[0]
    if drill and not drill[0]:
        advice = _("Make a backup now (run.py backup), look at its disk, and at run.py verify.")
        return Check("backups", title, False, _("the last test restore failed: %(problem)s", problem=drill[1]), advice)
    hours = max(settings.backup_hours * STALE_TIMES, STALE_HOURS_MIN)
    if Clock().now_ms() - (newest or created) > hours * HOUR_MS:
        found = _("the newest verified one is of %(time)s", time=iso(newest)) if newest else _("there is none")
        return Check("backups", title, False, found, _("Make one now: run.py backup. It says what is in its way."))
    return Check("backups", title, True, iso(newest) if newest else _("none yet; the first is made after a day"))


def _network(instance: Path) -> Check:
    title = _("Network")
    row = _upstream(instance, "url")
    if row is None:
        return Check("network", title, True, _("this node needs none now"))
    url = str(row[0])
    parts = urlsplit(url)
    try:
        place = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        with socket.create_connection(place, CONNECT_SECONDS):
            return Check("network", title, True, _("%(url)s answers", url=url))
    except OSError as problem:
        advice = _("Go on recording: everything is kept here and sent when the network is back.")
        return Check(
            "network", title, False, _("%(url)s does not answer (%(problem)s)", url=url, problem=problem), advice
        )


def _history(instance: Path) -> Check:
    title = _("History of the data")
    settings = load_settings(instance)
    if settings.role != "office":
        return Check("history", title, True, _("one uninterrupted history"))
    with closing(_open_to_read(database_file(settings))) as db:
        row = db.execute(
            "SELECT reason, again, fetched, missing, reconciled_ms FROM life"
            " WHERE life = (SELECT life FROM self_node WHERE id = 1)"
        ).fetchone()
    done = row is None or row[4] is not None
    found = past(row[0], again=row[1], fetched=row[2], missing=row[3], done=done, translate=_) if row else ""
    advice = "" if done else _("Connect to the network, or press “Send now”; nothing else is needed.")
    return Check("history", title, done, found or _("one uninterrupted history"), advice)


CHECKS = (_versions, _sqlite, _folder, _settings, _database, _history, _disk, _clock, _process, _backups, _network)
