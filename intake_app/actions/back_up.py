"""Back up: a verified copy of a node while it works: database, settings, keys, in one file, in every folder meant for it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import OperationalError

from intake_app import archive, rotation
from intake_app.actions.drill import DRILL, counts_of, looked_at, restored_for_test
from intake_app.archive import Manifest
from intake_app.clock import iso
from intake_app.config import SECRET_FILE, SETTINGS_FILE
from intake_app.files import make_private_folder, replacing
from intake_app.locking import Held, holding
from intake_app.node import DATABASE_FILE, KEY_FILE, SIDE_FILE, Node
from intake_app.store import audits, backups, journal
from intake_app.store.crossing import fill_file
from intake_app.store.own_log import log_of
from intake_app.store.schema import copy_database
from intake_app.store.side_file import Mark, SideFile
from intake_app.version import VERSION
from sync.errors import Refused

FOLDER = "backups"
LOCK_FILE = "backup.lock"
ENDING = ".tar.zst"
MAKING = ".making-"
OWN_DIGITS = 8
KEYS_FOLDER = Path(KEY_FILE).parent.as_posix()
CHUNK_BYTES = 1024 * 1024
LOG_KEPT_MS = 24 * 3600 * 1000  # older than the older of two verified backups, whatever the clock did that day
Lives = list[tuple[bytes, bytes, int]]  # node, incarnation, how far it is stored


@dataclass
class BackedUp:
    """What became of a backup: where it lies, what is wrong with it, and in which folders there was no writing it."""

    name: str
    manifest: Manifest
    problem: str | None
    bytes: int
    sha256: str
    lives: Lives
    folders: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


def back_up(node: Node, out: Path | None = None, *, scheduled: bool = False, by: bytes | None = None) -> BackedUp:
    """Make a backup, test it by restoring it, copy it to the other folders. Raises Refused; older backups stay as they are."""
    folders = [out] if out else folders_of(node)
    for folder in folders[:1]:
        make_private_folder(folder) if folder == node.settings.instance / FOLDER else _require(folder)
    with _alone(node), room_in(folders[0]):
        _sweep(node, folders[0])
        done = _make(node, folders[0])
        for folder in folders[1:]:
            _copy(folders[0] / done.name, folder, done)
        _note(node, done, scheduled, by)
    return done


def folders_of(node: Node) -> list[Path]:
    """Where backups of a node go."""
    return [Path(folder) for folder in node.settings.backup_folders] or [node.settings.instance / FOLDER]


def is_off_machine(node: Node, folder: Path) -> bool:
    """Whether a folder lies off this machine: declared so, or on another device than the node itself."""
    declared = {Path(one) for one in node.settings.backup_off_machine}
    return folder in declared or folder.stat().st_dev != node.settings.instance.stat().st_dev


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """Says in words that a disk is full."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise Refused("no_room", folder=str(folder)) from problem
    except OperationalError as problem:
        if "full" not in str(problem.orig):
            raise
        raise Refused("no_room", folder=str(folder)) from problem


@contextmanager
def _alone(node: Node) -> Iterator[None]:
    try:
        with holding(node.settings.instance / LOCK_FILE):
            yield
    except Held:
        raise Refused("backup_runs") from None


def _require(folder: Path) -> None:
    # A folder under a disk that is not plugged in must not be made: the copy would lie on this one.
    if not folder.is_dir():
        raise Refused("no_backup_folder", folder=str(folder))


def _sweep(node: Node, folder: Path) -> None:
    """Remove what a backup left behind that was killed: whole copies of this node, and nobody would ever look there."""
    for prefix in (MAKING, DRILL):
        for left in folder.glob(f"{_own(node, prefix)}*"):
            shutil.rmtree(left, ignore_errors=True)


def _own(node: Node, prefix: str) -> str:
    # Several nodes may have their backups in one folder.
    return f"{prefix}{node.head.node.hex()[:OWN_DIGITS]}-"


def _make(node: Node, folder: Path) -> BackedUp:
    with TemporaryDirectory(prefix=_own(node, MAKING), dir=folder, ignore_cleanup_errors=True) as temp:
        manifest, lives = _stage(node, Path(temp))
        stamp = iso(manifest.made_ms)[:19].replace(":", "").replace("-", "").replace("T", "-")
        name = f"intake-{manifest.office}-{stamp}-{node.entropy(2).hex()}{ENDING}"
        archive.write_archive(folder / name, Path(temp), manifest)
    file = folder / name
    problem = restored_for_test(file, folder, node.directory, _own(node, DRILL))
    if problem == "bad_backup":
        file.unlink()
        raise Refused("bad_backup", file=str(file))
    return BackedUp(name, manifest, problem, file.stat().st_size, archive.hash_of(file), lives, [str(folder)])


def _stage(node: Node, stage: Path) -> tuple[Manifest, Lives]:
    """Copy what is a node's life into a folder; the manifest says what it is, the lives how far each node is in it."""
    own = node.settings.instance
    copy = fill_file if node.database.postgres else copy_database
    copy(node.database, stage / DATABASE_FILE)
    names = [SETTINGS_FILE, SECRET_FILE]
    names += [f"{KEYS_FOLDER}/{one.name}" for one in sorted((own / KEYS_FOLDER).iterdir()) if one.is_file()]
    for name in [one for one in names if (own / one).is_file()]:
        (stage / name).parent.mkdir(exist_ok=True, mode=0o700)
        shutil.copyfile(own / name, stage / name)
    return _manifest(node, stage)


def _manifest(node: Node, stage: Path) -> tuple[Manifest, Lives]:
    with looked_at(stage, node.directory) as copy, copy.database.read() as db:
        head, counts = journal.head(db), counts_of(db)
        lives = [
            tuple(row)
            for row in db.all("SELECT n.id, l.incarnation, l.ack FROM node_life l JOIN node n ON n.no = l.node_no")
        ]
        feed = int(db.value("SELECT value FROM feed_counter WHERE id = 1"))
    SideFile(stage / SIDE_FILE).write(Mark(head.incarnation, head.seq, head.hash))
    files = sorted(one for one in stage.rglob("*") if one.is_file())
    members = {one.relative_to(stage).as_posix(): archive.hash_of(one) for one in files}
    manifest = Manifest(
        archive.FORMAT, VERSION, node.clock.now_ms(), head.role, head.node.hex(), head.office, "sqlite", head.life,
        head.incarnation.hex(), head.epoch.hex(), head.seq, head.hash.hex(), feed, counts, members,
    )  # fmt: skip
    return manifest, lives


def _copy(file: Path, folder: Path, done: BackedUp) -> None:
    """Copy a backup to a further folder and read it back; one that cannot be written is told and stops no other."""
    try:
        _require(folder)
        with room_in(folder), replacing(folder / file.name) as out, file.open("rb") as source:
            shutil.copyfileobj(source, out, CHUNK_BYTES)
        if archive.hash_of(folder / file.name) != done.sha256:
            raise Refused("bad_backup", file=str(folder / file.name))
    except Refused as reason:
        done.missing[str(folder)] = reason.code
    except OSError as reason:
        done.missing[str(folder)] = os.strerror(reason.errno) if reason.errno else type(reason).__name__
    else:
        done.folders.append(str(folder))


def _note(node: Node, done: BackedUp, scheduled: bool, by: bytes | None) -> None:
    """Keep what was made, how far each life of each node is in it, and remove what is older than the rules keep."""
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        made = backups.Made(
            done.name, done.manifest.made_ms, done.problem, scheduled, done.manifest.seq, done.bytes, done.sha256,
            done.lives,
        )  # fmt: skip
        no = backups.add(db, made, now if done.problem is None else None)
        for folder in done.folders:
            backups.add_file(db, no, folder, is_off_machine(node, Path(folder)))
        first = backups.Drill(now, done.name, done.folders[0], done.problem is None, done.problem, 0)
        backups.add_drill(db, first)
        audits.note(db, now, by, "backup.made", done.name, folders=done.folders, problem=done.problem)
    if done.problem is None:
        _rotate(node, now)


def _rotate(node: Node, now_ms: int) -> None:
    """Remove scheduled backups that the rules keep no longer; one that cannot be reached now is tried the next time."""
    with node.database.read() as db:
        found = backups.kept(db)
        old = rotation.removable(found, now_ms, node.settings.backup_keep_days, node.settings.backup_keep_weeks)
        places = [(one, Path(folder)) for one in old for folder in backups.folders_of(db, one.no)]
    gone = []
    for one, folder in places:
        if folder.is_dir():
            with suppress(OSError):
                (folder / one.name).unlink(missing_ok=True)
                gone.append((one.no, str(folder)))
    verified = [one for one in found if one.verified_ms is not None]
    if node.is_central and len(verified) > 1:
        log_of(node).prune(verified[1].made_ms - LOG_KEPT_MS)
    with node.database.transaction() as db:
        for no, folder_name in gone:
            backups.mark_gone(db, no, folder_name, now_ms)
