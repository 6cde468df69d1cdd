"""The address of a database: SQLite's, or a clear sentence before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions.setup import set_up
from intake_app.config import BadSettings


@pytest.mark.parametrize("address", ["postgresql://x@127.0.0.1/y", "mysql://x", "intake.db", "sqlite"])
def test_database_that_this_version_does_not_speak_is_refused_before_anything_is_made(
    tmp_path: Path, address: str
) -> None:
    with pytest.raises(BadSettings) as refusal:
        set_up(tmp_path / "n", "central", "1022", "quantri", "Lê Thị Quản", "một mật khẩu dài", database_url=address)
    assert refusal.value.code == "bad_setting"
    assert not (tmp_path / "n").exists()


def test_database_may_lie_elsewhere(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    set_up(tmp_path / "n", "central", "1022", "quantri", "Lê Thị Quản", "một mật khẩu dài", database_url=address)
    assert (tmp_path / "elsewhere.db").exists() and not (tmp_path / "n" / "intake.db").exists()
