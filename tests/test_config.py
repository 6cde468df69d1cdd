"""Settings are read once and strictly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from intake_app.config import BadSettings, Settings, load_settings, make_secret_key, write_settings


def keep(instance: Path, text: str) -> None:
    make_secret_key(instance)
    (instance / "settings.toml").write_text('role = "office"\noffice = "0380"\n' + text, encoding="utf-8")


def test_folder_without_settings_is_not_set_up(tmp_path):
    assert load_settings(tmp_path / "none").role is None


def test_written_settings_are_read_back(tmp_path):
    written = Settings(tmp_path / "n", "central", "1022", "0.0.0.0", 9000, "en", "sqlite:////x", 5, "k" * 64, True)
    write_settings(written)
    assert load_settings(tmp_path / "n") == written


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ofice = 1", "unknown_setting"),
        ('port = "8022"', "bad_setting"),
        ("port = 70000", "bad_setting"),
        ("port = true", "bad_setting"),
        ("demo = 1", "bad_setting"),
        ('language = "fr"', "bad_setting"),
        ("sync_seconds = 0", "bad_setting"),
        ('database_url = "mysql://x"', "bad_setting"),
        ("port = = 1", "bad_settings_file"),
    ],
)
def test_setting_that_makes_no_sense_stops_the_start(tmp_path, text, code):
    keep(tmp_path, text)
    with pytest.raises(BadSettings) as refusal:
        load_settings(tmp_path)
    assert refusal.value.code == code


def test_missing_role_stops_the_start(tmp_path):
    (tmp_path / "settings.toml").write_text('office = "0380"')
    with pytest.raises(BadSettings, match="missing_setting"):
        load_settings(tmp_path)


def test_missing_secret_key_stops_the_start(tmp_path):
    keep(tmp_path, "")
    (tmp_path / "secret.key").unlink()
    with pytest.raises(BadSettings, match="no_secret_key"):
        load_settings(tmp_path)


def test_secret_key_is_made_once(tmp_path):
    assert make_secret_key(tmp_path) == make_secret_key(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such rights")
def test_only_the_owner_may_look_into_the_folder(tmp_path):
    write_settings(Settings(tmp_path / "n", "office", "0380", secret_key=make_secret_key(tmp_path / "n")))
    modes = [(tmp_path / "n" / name).stat().st_mode & 0o777 for name in (".", "secret.key", "settings.toml")]
    assert modes == [0o700, 0o600, 0o600]
