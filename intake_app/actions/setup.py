"""Set up a node: its folder, key, database, first administrator, and last of all its settings."""

from __future__ import annotations

from pathlib import Path

from intake_app.actions.accounts import actor_of, add_account, check_new, first_roles, reset_password
from intake_app.config import (
    CENTRAL_OFFICE,
    ROLES,
    Role,
    Settings,
    check_database,
    check_setting,
    load_settings,
    make_secret_key,
    write_settings,
)
from intake_app.files import make_private_folder
from intake_app.locking import Held, holding
from intake_app.node import Node, init_node, open_node
from intake_app.store import accounts
from intake_app.store.shipped import load_directory
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.reference import OFFICE_NUMBER

SETUP_LOCK = "setup.lock"


def set_up(
    instance: Path,
    role: Role,
    office: str,
    username: str,
    name: str,
    password: str,
    database_url: str | None = None,
    port: int = 8022,
    new_office: bool = False,
) -> Settings:
    """Makes a node and gives its settings. Killed at any moment it can be repeated; a finished set-up is never touched.

    An office that the program does not bring along is taken where it is said to be new: its name and unit come with the
    first exchange, and the centre connects it only where it has published it.

    The settings file is written last: while it is not there, nothing is set up, and every step before it is harmless
    to repeat. Raises InvalidFields, and Refused where the folder is set up already.
    """
    folder = Path(instance).expanduser().absolute()
    _check(role, office, username, name, password, new_office)
    if database_url is not None:
        check_setting("database_url", database_url, "--database")
        check_database(role, database_url)
    make_private_folder(folder)
    try:
        with holding(folder / SETUP_LOCK):
            _refuse_second(folder)
            settings = Settings(
                folder, role, office, port=port, database_url=database_url, secret_key=make_secret_key(folder)
            )
            _make(settings, username, name, password)
            write_settings(settings)
            return settings
    except Held:
        raise Refused("being_set_up", folder=str(folder)) from None


def _check(role: str, office: str, username: str, name: str, password: str, new_office: bool) -> None:
    problems: dict[str, Problem] = {}
    if role not in ROLES:
        problems["role"] = Problem("not_in_set", {"allowed": ", ".join(ROLES)})
    elif (role == "central") != (office == CENTRAL_OFFICE):
        problems["office"] = Problem("central_office")
    if office not in load_directory().offices:
        problem = OFFICE_NUMBER(office) if new_office else Problem("unknown_office", {"office": office[:40]})
        if problem is not None:
            problems["new_number" if new_office else "office"] = problem
    problems |= check_new(username.strip().lower(), clean_text(name, False), first_roles(role), password)
    if problems:
        raise InvalidFields(problems)


def _refuse_second(folder: Path) -> None:
    present = load_settings(folder)
    if present.role is not None:
        raise Refused("already_set_up", folder=str(folder), office=present.office)


def _make(settings: Settings, username: str, name: str, password: str) -> None:
    init_node(settings)
    node = open_node(settings)
    try:
        if (node.head.role, node.head.office) != (settings.role, settings.office):
            raise Refused("begun_otherwise", folder=str(settings.instance), office=node.head.office)
        _make_administrator(node, username, name, password)
    finally:
        node.close()


def _make_administrator(node: Node, username: str, name: str, password: str) -> None:
    """Adds the first account, or gives the one of a set-up that was killed the password typed now."""
    with node.database.read() as db:
        begun = accounts.first_administrator(db)
    if begun is None:
        add_account(node, None, username, name, first_roles(str(node.settings.role)), password)
    elif begun.username == username.strip().lower():
        reset_password(node, actor_of(begun), begun.username, password)
    else:
        add_account(node, actor_of(begun), username, name, begun.roles, password)
