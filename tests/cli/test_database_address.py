"""The address of a database: SQLite's or PostgreSQL's, or a clear sentence before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions.setup import set_up
from intake_app.config import BadSettings, load_settings
from intake_app.node import open_node
from sync.errors import NoDatabase
from tests.postgres import postgres_address, shared_server

PASSWORD = "một mật khẩu dài"


def set_up_centre(folder: Path, address: str) -> None:
    set_up(folder, "central", "1022", "quantri", "Lê Thị Quản", PASSWORD, database_url=address)


@pytest.mark.parametrize("address", ["postgresql:x", "mysql://x", "intake.db", "sqlite", "postgres://x@127.0.0.1/y"])
def test_database_that_this_version_does_not_speak_is_refused_before_anything_is_made(
    tmp_path: Path, address: str
) -> None:
    with pytest.raises(BadSettings) as refusal:
        set_up_centre(tmp_path / "n", address)
    assert refusal.value.code == "bad_setting"
    assert not (tmp_path / "n").exists()


def test_database_may_lie_elsewhere(tmp_path: Path) -> None:
    set_up_centre(tmp_path / "n", f"sqlite:///{tmp_path / 'elsewhere.db'}")
    assert (tmp_path / "elsewhere.db").exists() and not (tmp_path / "n" / "intake.db").exists()


def test_an_office_keeps_its_data_on_its_own_disk(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refusal:
        set_up(tmp_path / "n", "office", "0380", "binh", "Bình", PASSWORD, database_url="postgresql://x@127.0.0.1/y")
    assert refusal.value.code == "server_for_central_only"
    assert not (tmp_path / "n").exists()


def test_a_centre_is_set_up_on_postgresql_and_opened_again(tmp_path: Path) -> None:
    set_up_centre(tmp_path / "n", postgres_address().replace("+psycopg", ""))
    node = open_node(load_settings(tmp_path / "n"))
    node.close()
    assert (node.head.office, node.head.seq, node.database.postgres) == ("1022", 1, True)
    assert not (tmp_path / "n" / "intake.db").exists()
    assert (tmp_path / "n" / "settings.toml").stat().st_mode & 0o077 == 0


def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase) as refusal:
        set_up_centre(tmp_path / "n", "postgresql://kit:geheim@127.0.0.1:1/kit")
    assert refusal.value.code == "database_away"
    assert "geheim" not in str(refusal.value) and "127.0.0.1" in str(refusal.value)


def test_a_database_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase) as refusal:
        set_up_centre(tmp_path / "n", shared_server().address("nirgends"))
    assert refusal.value.code == "database_away"
    assert "nirgends" in str(refusal.value)
