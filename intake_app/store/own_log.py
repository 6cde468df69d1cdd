"""The centre's log outside its database: its own events and whom it let in, appended and fsynced before anybody reads "saved".

Best on another disk. After a restore it is what brings back the work of the centre's operators, for no other machine has it.
A torn record, as a power cut leaves, is skipped; what follows it is read.
"""

from __future__ import annotations

import logging
import os
import struct
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from intake_app.files import make_private_folder
from intake_app.store import journal
from intake_app.store.database import Db
from intake_app.store.side_file import Mark, SideFile

if TYPE_CHECKING:
    from intake_app.node import Node

FOLDER = "log"
MARK_FILE = "events.mark"
MAGIC = b"I22L"
HEAD = struct.Struct(">4sI8s")
FILE_BYTES_MAX = 16 * 1024 * 1024
RECORD_BYTES_MAX = 1024 * 1024


class OwnEvent(msgspec.Struct, array_like=True, frozen=True, tag="event"):
    """An event of the centre's own, as its journal has it."""

    centre: bytes
    incarnation: bytes
    seq: int
    hash: bytes
    header: bytes
    open: bytes
    private: bytes


class LetIn(msgspec.Struct, array_like=True, frozen=True, tag="node"):
    """A node as it was let in, or shut out; `code` is the digest of the code it spent."""

    centre: bytes
    id: bytes
    office: str
    public_key: bytes
    scopes: list[str]
    enrolled_ms: int
    revoked_ms: int | None
    code: bytes


Record = OwnEvent | LetIn
_packer = msgspec.msgpack.Encoder()
_reader = msgspec.msgpack.Decoder(type=OwnEvent | LetIn)


class OwnLog:
    """The log in a folder: files that are only ever appended to, the newest last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = SideFile(folder / MARK_FILE, durable=False)

    def append(self, records: Sequence[Record]) -> None:
        """Write records durably; all of them are on the disk when this returns."""
        make_private_folder(self.folder)
        data = b"".join(_framed(_packer.encode(record)) for record in records)
        handle = os.open(self._newest(), os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            os.write(handle, data)  # in one call: another process of this centre may append beside this one
            os.fsync(handle)
        finally:
            os.close(handle)

    def read(self) -> Iterator[Record]:
        """Every whole record, the oldest first."""
        for file in self.files():
            yield from _records(file.read_bytes())

    def files(self) -> list[Path]:
        """The files of the log, the oldest first."""
        return sorted(self.folder.glob("events-*.log"))

    def prune(self, before_ms: int) -> None:
        """Remove files that nobody has written to since: what they hold is in two verified backups."""
        for file in self.files()[:-1]:
            if file.stat().st_mtime * 1000 < before_ms:
                file.unlink()

    def _newest(self) -> Path:
        found = self.files()
        if not found:
            return self.folder / "events-000001.log"
        if found[-1].stat().st_size < FILE_BYTES_MAX:
            return found[-1]
        return self.folder / f"events-{int(found[-1].stem.split('-')[1]) + 1:06}.log"


def log_of(node: Node) -> OwnLog:
    """The log of a centre."""
    return OwnLog(Path(node.settings.log_folder) if node.settings.log_folder else node.settings.instance / FOLDER)


def log_events(node: Node, db: Db, life: int, first: int, mark: Mark) -> None:
    """Append this centre's own events from a seq on, once they are committed."""
    rows = db.all(
        "SELECT seq, hash, header, open, private FROM journal WHERE life = ? AND seq >= ? ORDER BY seq", life, first
    )
    records = [OwnEvent(node.head.node, mark.incarnation, *row) for row in rows]
    db.after_commit(lambda: _append(node, records, mark))


def catch_up(node: Node) -> None:
    """Append what a power cut between the commit and the log, or a disk that was full, has kept from it."""
    mark = log_of(node).mark.read()
    with node.database.read() as db:
        head = journal.head(db)
    if mark is None or mark.incarnation != head.incarnation or mark.seq >= head.seq:
        return
    with node.database.transaction() as db:
        head = journal.head(db)
        log_events(node, db, head.life, mark.seq + 1, Mark(head.incarnation, head.seq, head.hash))


def _append(node: Node, records: Sequence[Record], mark: Mark | None = None) -> None:
    """What could not be written is in the database all the same: an alarm, and the next start tries again."""
    log = log_of(node)
    try:
        log.append(records)
        if mark is not None:
            log.mark.write(mark)
    except OSError:
        logging.getLogger(__name__).exception("the centre's own log could not be written")
        if "own_log_failed" not in node.alarms:
            node.alarms.append("own_log_failed")


def log_node(node: Node, db: Db, node_id: bytes, code: bytes = b"") -> None:
    """Append how a node stands with the centre, once that is committed."""
    row = db.one("SELECT id, office, public_key, scopes, enrolled_ms, revoked_ms FROM node WHERE id = ?", node_id)
    if row is not None:
        record = LetIn(node.head.node, row[0], row[1], row[2], msgspec.json.decode(row[3], type=list[str]), row[4], row[5], code)
        db.after_commit(lambda: _append(node, [record]))


def _framed(body: bytes) -> bytes:
    return HEAD.pack(MAGIC, len(body), sha256(body).digest()[:8]) + body


def _records(data: bytes) -> Iterator[Record]:
    at = 0
    while (at := data.find(MAGIC, at)) >= 0 and at + HEAD.size <= len(data):
        _, length, check = HEAD.unpack_from(data, at)
        body = data[at + HEAD.size : at + HEAD.size + length]
        if length > RECORD_BYTES_MAX or sha256(body).digest()[:8] != check:
            at += 1  # torn: the next whole record is looked for
            continue
        yield _reader.decode(body)
        at += HEAD.size + length
