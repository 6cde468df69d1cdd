"""The settings of one node, read once from its instance folder.

Nothing else reads `settings.toml` or the secret key. What this module does not understand stops the start: a setting
with a typing error that is quietly ignored is found months later, by the wrong person.
"""

from __future__ import annotations

import json
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from intake_app.files import make_private_folder, write_private_file
from sync.errors import IntakeError

Role = Literal["office", "central"]

SETTINGS_FILE = "settings.toml"
SECRET_FILE = "secret.key"
ROLES = ("office", "central")
LANGUAGES = ("vi", "en")
CENTRAL_OFFICE = "1022"
PORT_MAX = 65_535
# A pause under a second only burns battery; over a day nobody would call the node "syncing" any more.
SYNC_SECONDS_MAX = 86_400
HORIZON_DAYS_MAX = 36_500
SECRET_BYTES = 32
EXPORT_DAYS_MAX = 366  # a file of everybody's names that lies about for longer is no export but a second register
BACKUP_HOURS_MAX = 24 * 31  # rarer than once a month is no plan
BACKUPS_KEPT_MAX = 3650
SILENT_HOURS_MAX = 24 * 365  # an office closed for a year is no office any more
CLAIM_MINUTES_MAX = 24 * 60  # a report that stays in one hand over night is a forgotten one


class BadSettings(IntakeError):
    """The settings file says something this version does not understand; nothing was started or changed."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations; `role` is None until the node is set up."""

    instance: Path
    role: Role | None = None
    office: str = ""
    host: str = "127.0.0.1"
    port: int = 8022
    language: str = "vi"
    database_url: str | None = field(default=None, repr=False)  # may hold a password
    sync_seconds: int = 60
    secret_key: str = field(default="", repr=False)
    demo: bool = False
    backup_hours: int = 24
    backup_folders: tuple[str, ...] = ()  # none: `backups` in the instance folder
    backup_off_machine: tuple[str, ...] = ()
    backup_keep_days: int = 7
    backup_keep_weeks: int = 8
    log_folder: str | None = None
    horizon_days: int = 730
    lookup_url: str = ""
    silent_amber_hours: int = 24
    silent_red_hours: int = 72
    claim_minutes: int = 30
    export_keep_days: int = 7


def load_settings(instance: Path) -> Settings:
    """Gives the settings of that instance folder; those of a node not set up yet where there is no file."""
    folder = Path(instance).expanduser().absolute()
    file = folder / SETTINGS_FILE
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Settings(folder)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadSettings("bad_settings_file", file=str(file), problem=str(problem)) from problem
    _check(found, file)
    lists = {key: tuple(value) for key, value in found.items() if isinstance(value, list)}
    return Settings(instance=folder, secret_key=_read_secret(folder), **(found | lists))


def write_settings(settings: Settings) -> None:
    """Keeps the settings on disk, whole or not at all; the secret key has a file of its own."""
    make_private_folder(settings.instance)
    secret = settings.instance / SECRET_FILE
    if settings.secret_key and not secret.exists():
        write_private_file(secret, settings.secret_key + "\n")
    wanted = {key: value for key in _RULES if (value := getattr(settings, key)) not in (None, (), "")}
    lines = [f"{key} = {_toml(value)}\n" for key, value in wanted.items()]
    write_private_file(settings.instance / SETTINGS_FILE, "".join(lines))


def make_secret_key(instance: Path) -> str:
    """Gives the secret key of that instance; makes it the first time, so that a repeated set-up keeps it."""
    make_private_folder(instance)
    file = instance / SECRET_FILE
    if not file.exists():
        write_private_file(file, secrets.token_hex(SECRET_BYTES) + "\n")
    return _read_secret(instance)


def _read_secret(folder: Path) -> str:
    file = folder / SECRET_FILE
    try:
        secret = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise BadSettings("no_secret_key", file=str(file)) from None
    except UnicodeDecodeError as problem:
        raise BadSettings("no_secret_key", file=str(file)) from problem
    if len(secret) < SECRET_BYTES:
        raise BadSettings("no_secret_key", file=str(file))
    return secret


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object, least: int, most: int) -> bool:
    # TOML's true is a bool, and Python's bool is an int: `port = true` would otherwise mean port 1.
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_folders(value: object) -> bool:
    # Of a relative path nobody could say what it is relative to, least of all on the day of a restore.
    return isinstance(value, (list, tuple)) and all(_is_text(one) and Path(one).is_absolute() for one in value)


_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,255}")
_OFFICE = re.compile(r"[0-9]{4}")
_LOOKUP = re.compile(r"https?://[!-~]{3,200}")
_DATABASE = re.compile(r"sqlite(\+pysqlite)?:.+|postgresql(\+psycopg)?://.+")

# One rule a setting, in the order in which the file is written; docs/settings.md has a heading for each.
_RULES = {
    "role": lambda value: value in ROLES,
    "office": lambda value: _is_text(value) and _OFFICE.fullmatch(value),
    "host": lambda value: _is_text(value) and _HOST.fullmatch(value),
    "port": lambda value: _is_number(value, 1, PORT_MAX),
    "language": lambda value: value in LANGUAGES,
    "database_url": lambda value: _is_text(value) and _DATABASE.fullmatch(value),
    "sync_seconds": lambda value: _is_number(value, 1, SYNC_SECONDS_MAX),
    "horizon_days": lambda value: _is_number(value, 1, HORIZON_DAYS_MAX),
    "backup_hours": lambda value: _is_number(value, 0, BACKUP_HOURS_MAX),
    "backup_folders": _is_folders,
    "backup_off_machine": _is_folders,
    "backup_keep_days": lambda value: _is_number(value, 1, BACKUPS_KEPT_MAX),
    "backup_keep_weeks": lambda value: _is_number(value, 0, BACKUPS_KEPT_MAX),
    "lookup_url": lambda value: _is_text(value) and (not value or _LOOKUP.fullmatch(value)),
    "claim_minutes": lambda value: _is_number(value, 1, CLAIM_MINUTES_MAX),
    "export_keep_days": lambda value: _is_number(value, 1, EXPORT_DAYS_MAX),
    "log_folder": lambda value: _is_folders([value]),
    "silent_amber_hours": lambda value: _is_number(value, 1, SILENT_HOURS_MAX),
    "silent_red_hours": lambda value: _is_number(value, 1, SILENT_HOURS_MAX),
    "demo": lambda value: isinstance(value, bool),
}
SETTING_NAMES = tuple(_RULES)


def check_setting(key: str, value: object, source: str) -> None:
    """Refuses a setting that is unknown or has a value this version does not understand."""
    if key not in _RULES:
        raise BadSettings("unknown_setting", key=key, file=source)
    if not _RULES[key](value):
        raise BadSettings("bad_setting", key=key, value=_shown(key, value), file=source)


def _shown(key: str, value: object) -> str:
    """A value as a refusal may show it: the address of a database may hold a password."""
    return str(value).partition("://")[0] if key == "database_url" else str(value)


def _check(found: Mapping[str, object], file: Path) -> None:
    for key, value in found.items():
        check_setting(key, value, str(file))
    for key in ("role", "office"):
        if key not in found:
            raise BadSettings("missing_setting", key=key, file=str(file))
    check_database(str(found["role"]), found.get("database_url"))


def check_database(role: str, database_url: object) -> None:
    """Refuses a database on a server for an office: what is typed there must be safe without any network."""
    if role != "central" and str(database_url or "").startswith("postgresql"):
        raise BadSettings("server_for_central_only")


def _toml(value: object) -> str:
    # A JSON string with nothing escaped beyond ASCII control characters is a TOML basic string too.
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)  # a tuple: TOML's array


def default_instance() -> Path:
    """The folder meant when nobody says which: `instance` beside run.py."""
    return Path(__file__).resolve().parent.parent / "instance"
