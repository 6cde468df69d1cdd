"""Restore a backup into an instance folder: proven first, then put in place; what was there is kept aside.

The node that starts on it knows that it was restored: an office begins a new life, a centre a new epoch.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import make_url

from intake_app import archive
from intake_app.actions.back_up import FOLDER, room_in
from intake_app.actions.drill import compare, differs, looked_at
from intake_app.archive import Manifest
from intake_app.clock import Clock, iso
from intake_app.config import SETTINGS_FILE, BadSettings, check_database, check_setting, load_settings, write_settings
from intake_app.files import make_private_folder, sync_folder
from intake_app.locking import SERVE_LOCK, Held, holding
from intake_app.node import DATABASE_FILE, SIDE_FILE
from intake_app.store import postgres
from intake_app.store.crossing import fill_server
from intake_app.store.database import open_database
from intake_app.store.epochs import RESTORED_FILE
from intake_app.store.postgres import is_postgres, with_driver
from intake_app.store.side_file import Mark, SideFile
from sync.errors import BrokenPromise, Refused

ASIDE = "before-restore-"
RESTORING = ".restoring-"
IN_FOLDER = "sqlite"
# What is no part of the life that ends: older backups, and the logs, from which a centre takes its own last events.
STAYS = frozenset({FOLDER, "log", SERVE_LOCK, "README.md"})
# Lists and search are made anew from the rest (`verify --rebuild`): no reason to go without a backup on a bad day.
REBUILT = frozenset(
    {
        "row_differs",
        "article_row_differs",
        "rule_row_differs",
        "reference_row_differs",
        "deadline_row_differs",
        "search_differs",
        "search_entry_missing",
        "conflicts_differ",
        "rows_without_report",
        "view_differs",
    }
)
UNKNOWN_LIFE_BYTES = 8

Entropy = Callable[[int], bytes]


class Restored(NamedTuple):
    """What was restored, where what was there before lies now, and what `verify --rebuild` has to put right.

    `server` is the name of the PostgreSQL database that was filled.
    """

    manifest: Manifest
    aside: Path | None
    problem: str | None
    server: str | None


def restore(
    file: Path,
    instance: Path,
    *,
    in_its_place: bool = False,
    database: str | None = None,
    clock: Clock | None = None,
    entropy: Entropy = secrets.token_bytes,
) -> Restored:
    """Restore a backup. Raises Refused while the node runs, over a living one unless told to, and for a bad backup.

    `database` is the address of an empty PostgreSQL database, or "sqlite" for a file in the instance folder.
    """
    if database not in (None, IN_FOLDER) and not is_postgres(str(database)):
        check_setting("database_url", str(database).partition("://")[0], "--database")
    if not file.is_file():
        raise Refused("no_such_backup", file=str(file))
    living = any((instance / name).exists() for name in (SETTINGS_FILE, DATABASE_FILE))
    if living and not in_its_place:
        raise Refused("instance_in_use", folder=str(instance))
    make_private_folder(instance)
    try:
        with holding(instance / SERVE_LOCK), room_in(instance):
            _sweep(instance)
            return _restore(file, instance, database, (clock or Clock()).now_ms(), entropy)
    except Held:
        raise Refused("serve_runs", folder=str(instance)) from None


def _sweep(instance: Path) -> None:
    """Remove what a restore left behind that was killed."""
    for left in instance.glob(f"{RESTORING}*"):
        shutil.rmtree(left, ignore_errors=True)


def _restore(file: Path, instance: Path, database: str | None, now_ms: int, entropy: Entropy) -> Restored:
    with TemporaryDirectory(prefix=RESTORING, dir=instance, ignore_cleanup_errors=True) as temp:
        stage = Path(temp)
        manifest = archive.unpack(file, stage)
        problem = compare(stage, manifest)
        if problem and not REBUILT.issuperset(problem.split(", ")):
            raise Refused("backup_not_sound", file=str(file), problem=problem)
        address = _address(instance, stage, database)
        check_database(manifest.role, address)
        if address:
            _fill(address, stage, manifest)
        _mark(stage, instance, manifest, address, entropy)
        aside = _set_aside(instance, stage, f"{_stamp(now_ms)}-{entropy(2).hex()}")
        for one in sorted(stage.iterdir(), key=lambda one: one.name == SETTINGS_FILE):
            one.rename(instance / one.name)  # the settings last: without them nothing would start on half a node
    sync_folder(instance)
    return Restored(manifest, aside, problem, make_url(address).database if address else None)


def _address(instance: Path, stage: Path, wanted: str | None) -> str | None:
    """On which server the data are to lie, or None for a file in the folder.

    Where nobody said it: where the node that is there has them, else where the node had them that was backed up.
    """
    if wanted is not None:
        return None if wanted == IN_FOLDER else wanted
    for folder in (instance, stage):
        with suppress(BadSettings):
            settings = load_settings(folder)
            if settings.role:
                return settings.database_url if is_postgres(settings.database_url or "") else None
    return None


def _fill(address: str, stage: Path, manifest: Manifest) -> None:
    """Put the data of an unpacked backup into an empty database of a server: all of them, or it stays empty.

    A restore that ended between this and the renaming of the files may be repeated: the database says what it was filled from.
    """
    digest = manifest.members[DATABASE_FILE]
    server = open_database(with_driver(address))
    try:
        with server.read() as db:
            done = postgres.origin_of(db) == digest and differs(db, manifest) is None
        if not done:
            with looked_at(stage) as node, server.transaction() as db:
                fill_server(node.database, db)
                postgres.note_origin(db, digest)
                if problem := differs(db, manifest):
                    raise BrokenPromise(f"the server does not hold what it was filled with: {problem}")
    finally:
        server.close()
    (stage / DATABASE_FILE).unlink()


def _mark(stage: Path, instance: Path, manifest: Manifest, address: str | None, entropy: Entropy) -> None:
    """Let the next start see that this is not the life that ended, however much of that was in the backup."""
    settings = load_settings(stage)
    if settings.database_url != address:
        write_settings(replace(settings, instance=stage, database_url=address))
    before = SideFile(instance / SIDE_FILE).read()
    (stage / SIDE_FILE).unlink(missing_ok=True)
    ahead = before and before.incarnation.hex() == manifest.incarnation and before.seq > manifest.seq
    mark = before if before and ahead else Mark(entropy(UNKNOWN_LIFE_BYTES), manifest.seq, bytes(32))
    SideFile(stage / SIDE_FILE).write(mark)
    if manifest.role == "central":
        (stage / RESTORED_FILE).write_text(f"{iso(manifest.made_ms)} {manifest.seq}\n", encoding="ascii")


def _stamp(at_ms: int) -> str:
    return iso(at_ms)[:19].replace(":", "").replace("-", "")


def _set_aside(instance: Path, stage: Path, name: str) -> Path | None:
    found = [
        one for one in instance.iterdir() if one.name not in STAYS and one != stage and not one.name.startswith(ASIDE)
    ]
    if not found:
        return None
    aside = instance / f"{ASIDE}{name}"
    make_private_folder(aside)
    for one in found:
        one.rename(aside / one.name)
    return aside
