"""Files that only the owner may read, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def make_private_folder(folder: Path) -> None:
    """Makes the folder if need be and closes it to other users of the computer (where the system knows that)."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)


def write_private_file(file: Path, text: str) -> None:
    """Replaces the file by this text; after a power cut there is the old text or the new one, never a half."""
    with replacing(file) as out:
        out.write(text.encode("utf-8"))


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """A file to be written beside `file`, which takes its place only when everything went well."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, file)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Makes the renaming itself durable; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
