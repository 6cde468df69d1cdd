"""A backup as a file: a node's files and a manifest that says what they are, in one compressed archive.

The manifest stands first and holds the SHA-256 of every other member. An archive is written whole or not at all, and nothing
of it is believed before every hash is right.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any

import msgspec
import zstandard

from intake_app.files import make_private_folder, replacing
from sync.errors import Refused

MANIFEST = "manifest.json"
FORMAT = 1
LEVEL = 3  # a database shrinks to a fifth at the speed of the disk; more would only take longer
CHUNK_BYTES = 1024 * 1024
MANIFEST_BYTES_MAX = 1024 * 1024


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds and how far the node had come."""

    format: int
    version: str
    made_ms: int
    role: str
    node: str
    office: str
    database: str
    life: int
    incarnation: str
    epoch: str
    seq: int
    hash: str
    feed: int
    counts: dict[str, int]
    members: dict[str, str]


def write_archive(file: Path, folder: Path, manifest: Manifest) -> None:
    """Pack the members of a manifest from a folder; the file is there in the end, or nothing is."""
    with (
        replacing(file) as out,
        zstandard.ZstdCompressor(LEVEL, write_checksum=True).stream_writer(out, closefd=False) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        body = msgspec.json.format(msgspec.json.encode(manifest))
        _add(archive, MANIFEST, io.BytesIO(body), len(body))
        for name in manifest.members:
            with (folder / name).open("rb") as member:
                _add(archive, name, member, os.fstat(member.fileno()).st_size)


def _add(archive: tarfile.TarFile, name: str, source: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    archive.addfile(entry, source)


def read_manifest(file: Path) -> Manifest:
    """What an archive says it holds. Raises Refused("bad_backup")."""
    with _reading(file) as archive:
        return _manifest(archive, file)


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack an archive into a folder and compare every hash. Raises Refused("bad_backup") for one that is not whole."""
    make_private_folder(folder)
    with _reading(file, whole=True) as archive:
        manifest = _manifest(archive, file)
        found: dict[str, str] = {}
        for entry in iter(archive.next, None):
            source = archive.extractfile(entry) if entry.isfile() else None
            # Only what the manifest names, and nothing that could lead out of the folder.
            if source is None or entry.name not in manifest.members or not _is_plain(entry.name):
                raise Refused("bad_backup", file=str(file))
            found[entry.name] = _copy(source, folder / entry.name)
    if found != manifest.members:
        raise Refused("bad_backup", file=str(file))
    return manifest


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name


def _copy(source: IO[bytes], target: Path) -> str:
    digest = sha256()
    make_private_folder(target.parent)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as out:
        while piece := source.read(CHUNK_BYTES):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def hash_of(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as source:
        digest = sha256()
        while piece := source.read(CHUNK_BYTES):
            digest.update(piece)
        return digest.hexdigest()


@contextmanager
def _reading(file: Path, whole: bool = False) -> Iterator[tarfile.TarFile]:
    try:
        with (
            file.open("rb") as source,
            zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=False) as plain,
            tarfile.open(fileobj=plain, mode="r|") as archive,
        ):
            yield archive
            while whole and plain.read(CHUNK_BYTES):
                pass  # behind the last member stands the checksum of all that was read
    except (tarfile.TarError, zstandard.ZstdError, EOFError) as reason:
        raise Refused("bad_backup", file=str(file)) from reason


def _manifest(archive: tarfile.TarFile, file: Path) -> Manifest:
    entry = archive.next()
    source = archive.extractfile(entry) if entry is not None and entry.isfile() else None
    if entry is None or source is None or entry.name != MANIFEST or entry.size > MANIFEST_BYTES_MAX:
        raise Refused("bad_backup", file=str(file))
    try:
        manifest = msgspec.json.decode(source.read(), type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as reason:
        raise Refused("bad_backup", file=str(file)) from reason
    if manifest.format != FORMAT:
        raise Refused("newer_backup", file=str(file), version=manifest.version)
    return manifest


def as_json(manifest: Manifest) -> dict[str, Any]:
    """The manifest for a command's answer, without its members."""
    found: dict[str, Any] = msgspec.to_builtins(manifest)
    found.pop("members")
    return found
