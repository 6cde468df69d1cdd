"""What tests of backups share: a node with its files in the folder, its backup, and a centre put back out of one.

A centre on PostgreSQL is put back into a new, empty database, as its operators would do it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from intake_app.actions.back_up import back_up
from intake_app.actions.restore import Restored, restore
from intake_app.config import write_settings
from intake_app.node import DATABASE_FILE, Node
from tests import creators
from tests.creators import POSTGRES, Province, SetClock, make_node
from tests.postgres import postgres_address, shared_server

NOTHING = lambda folder: None  # noqa: E731


def with_files(node: Node) -> Node:
    """A node whose folder has the files that a set-up makes."""
    write_settings(node.settings)
    return node


def backed_up(node: Node) -> Path:
    """The file of a backup made now."""
    done = back_up(node)
    return Path(done.folders[0]) / done.name


def address_after(node: Node) -> str | None:
    """Where the data of a node go in a restore: into a new, empty database, if they are on a server."""
    return shared_server().bare() if node.database.postgres else None


@contextmanager
def stopped(made: Province, address: str | None = None) -> Iterator[Path]:
    """The centre, while it does not run; it goes on with another database if an address is given."""
    folder, address = made.centre.settings.instance, address or made.centre.settings.database_url
    made.centre.close()
    yield folder
    made.centre = make_node(folder, "central", "1022", made.clock, address)


def restored(made: Province, file: Path, meanwhile: Callable[[Path], object] = NOTHING) -> Restored:
    """Put the centre back out of a backup, after what happened to its folder meanwhile."""
    address = address_after(made.centre)
    with stopped(made, address) as folder:
        meanwhile(folder)
        return restore(file, folder, in_its_place=True, database=address)


def bare_copy(made: Province) -> str:
    """A copy of the centre's database as it stands, made past the program: of its file, or by the server."""
    with stopped(made) as folder:
        if made.centre.database.postgres:
            return postgres_address(copy_of=made.centre.settings.database_url)
        shutil.copy(folder / DATABASE_FILE, folder / "copy")
        return str(folder / "copy")


@contextmanager
def put_back(made: Province, copy: str) -> Iterator[Path]:
    """The centre, while it does not run, and then with such a copy as its database."""
    on_server = made.centre.database.postgres
    data = b"" if on_server else Path(copy).read_bytes()
    with stopped(made, copy if on_server else None) as folder:
        yield folder
        if not on_server:
            (folder / DATABASE_FILE).write_bytes(data)


def make_alone(folder: Path, clock: SetClock | None = None) -> Node:
    """A node that never met another one: an office or, where this is about PostgreSQL, a centre on it."""
    on_server = creators.centre_database == POSTGRES
    if not on_server:
        return with_files(make_node(folder, clock=clock))
    return with_files(make_node(folder, "central", "1022", clock, postgres_address()))
