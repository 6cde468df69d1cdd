"""Restore a backup into an instance folder: proven first, then put in place; what was there is kept aside.

The node that starts on it knows that it was restored: an office begins a new life, a centre a new epoch.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from intake_app import archive
from intake_app.actions.back_up import FOLDER, room_in
from intake_app.actions.drill import compare
from intake_app.archive import Manifest
from intake_app.clock import Clock, iso
from intake_app.config import SETTINGS_FILE, load_settings, write_settings
from intake_app.files import make_private_folder, sync_folder
from intake_app.locking import SERVE_LOCK, Held, holding
from intake_app.node import DATABASE_FILE, SIDE_FILE
from intake_app.store.epochs import RESTORED_FILE
from intake_app.store.side_file import Mark, SideFile
from sync.errors import Refused

ASIDE = "before-restore-"
# What is no part of the life that ends: older backups, and the logs, from which a centre takes its own last events.
STAYS = frozenset({FOLDER, "log", SERVE_LOCK, "README.md"})
# Lists and search are made anew from the rest (`verify --rebuild`): no reason to go without a backup on a bad day.
REBUILT = frozenset(
    {
        "row_differs",
        "article_row_differs",
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
    """What was restored, where what was there before lies now, and what `verify --rebuild` has to put right."""

    manifest: Manifest
    aside: Path | None
    problem: str | None


def restore(
    file: Path, instance: Path, *, in_its_place: bool = False, clock: Clock | None = None, entropy: Entropy = secrets.token_bytes
) -> Restored:
    """Restore a backup. Raises Refused while the node runs, over a living one unless told to, and for a bad backup."""
    if not file.is_file():
        raise Refused("no_such_backup", file=str(file))
    living = any((instance / name).exists() for name in (SETTINGS_FILE, DATABASE_FILE))
    if living and not in_its_place:
        raise Refused("instance_in_use", folder=str(instance))
    make_private_folder(instance)
    try:
        with holding(instance / SERVE_LOCK), room_in(instance):
            return _restore(file, instance, (clock or Clock()).now_ms(), entropy)
    except Held:
        raise Refused("serve_runs", folder=str(instance)) from None


def _restore(file: Path, instance: Path, now_ms: int, entropy: Entropy) -> Restored:
    with TemporaryDirectory(prefix=".restoring-", dir=instance, ignore_cleanup_errors=True) as temp:
        stage = Path(temp)
        manifest = archive.unpack(file, stage)
        if manifest.database != "sqlite":
            raise Refused("backup_of_server")
        problem = compare(stage, manifest)
        if problem and not REBUILT.issuperset(problem.split(", ")):
            raise Refused("backup_not_sound", file=str(file), problem=problem)
        _mark(stage, instance, manifest, entropy)
        aside = _set_aside(instance, stage, f"{_stamp(now_ms)}-{entropy(2).hex()}")
        for one in sorted(stage.iterdir(), key=lambda one: one.name == SETTINGS_FILE):
            one.rename(instance / one.name)  # the settings last: without them nothing would start on half a node
    sync_folder(instance)
    return Restored(manifest, aside, problem)


def _mark(stage: Path, instance: Path, manifest: Manifest, entropy: Entropy) -> None:
    """Let the next start see that this is not the life that ended, however much of that was in the backup."""
    settings = load_settings(stage)
    if settings.database_url:
        write_settings(replace(settings, instance=stage, database_url=None))
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
    found = [one for one in instance.iterdir() if one.name not in STAYS and one != stage and not one.name.startswith(ASIDE)]
    if not found:
        return None
    aside = instance / f"{ASIDE}{name}"
    make_private_folder(aside)
    for one in found:
        one.rename(aside / one.name)
    return aside
