"""Set-up without a browser, and accounts from the machine itself."""

from __future__ import annotations

import pytest

from intake_app.actions.accounts import sign_in
from intake_app.actions.setup import set_up
from intake_app.config import Settings, load_settings
from intake_app.node import init_node, open_node

PASSWORD = "một mật khẩu dài"
INIT = ("init", "--role", "office", "--office", "0380", "--admin", "quantri", "--password-stdin")


def may_sign_in(instance, username, password):
    node = open_node(load_settings(instance))
    try:
        return sign_in(node, username, password, "test").username
    finally:
        node.close()


def test_init_makes_a_node_whose_administrator_can_sign_in(run, tmp_path):
    assert run(tmp_path / "n", *INIT, stdin=PASSWORD + "\n").status == 0
    assert may_sign_in(tmp_path / "n", "quantri", PASSWORD) == "quantri"


def test_second_init_is_refused_and_changes_nothing(run, office):
    before = {file.name: file.read_bytes() for file in office.iterdir() if file.suffix in (".toml", ".key")}
    said = run(office, *INIT, stdin="another password\n")
    assert said.status == 2 and "set up already" in said.err
    assert before == {file.name: file.read_bytes() for file in office.iterdir() if file.suffix in (".toml", ".key")}


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (("--office", "9999"), "office"),
        (("--office", "1022"), "1022"),
        (("--role", "central", "--office", "0380"), "1022"),
        (("--admin", "x"), "username"),
    ],
)
def test_init_that_makes_no_sense_leaves_no_folder(run, tmp_path, argv, named):
    said = run(tmp_path / "n", *INIT, *argv, stdin=PASSWORD)
    assert said.status == 2 and named in said.err and not (tmp_path / "n").exists()


def test_init_without_a_password_is_refused(run, tmp_path):
    assert run(tmp_path / "n", *INIT, stdin="").status == 2
    assert "password" in run(tmp_path / "n", *INIT, stdin="short\n").err


def test_centre_needs_no_office_number(run, tmp_path):
    argv = ("init", "--role", "central", "--admin", "quantri", "--password-stdin", "--json")
    assert run(tmp_path / "n", *argv, stdin=PASSWORD).json["office"] == "1022"


def test_full_name_gives_a_user_name(run, tmp_path):
    said = run(tmp_path / "n", *INIT[:-3], "--admin", "Đỗ Thị Ánh", "--password-stdin", "--json", stdin=PASSWORD)
    assert said.json["username"] == "dothianh"
    assert may_sign_in(tmp_path / "n", "dothianh", PASSWORD)


def test_set_up_that_was_killed_is_repeated(tmp_path):
    begun = Settings(tmp_path / "n", "office", "0380")
    begun.instance.mkdir()
    init_node(begun)
    settings = set_up(tmp_path / "n", "office", "0380", "quantri", "Vũ Văn Quản", PASSWORD)
    assert load_settings(tmp_path / "n") == settings


def test_set_up_killed_after_the_account_takes_the_new_password(tmp_path):
    set_up(tmp_path / "n", "office", "0380", "quantri", "Vũ Văn Quản", PASSWORD)
    (tmp_path / "n" / "settings.toml").unlink()
    set_up(tmp_path / "n", "office", "0380", "quantri", "Vũ Văn Quản", "typed the second time")
    assert may_sign_in(tmp_path / "n", "quantri", "typed the second time")


@pytest.mark.parametrize("argv", ["status", "verify", "sync", "user list", "conflicts", "export", "record -"])
def test_command_on_a_folder_that_is_not_set_up_says_so(run, tmp_path, argv):
    said = run(tmp_path / "none", *argv.split())
    assert said.status == 2 and "set up" in said.err and not (tmp_path / "none").exists()


def test_added_person_signs_in_and_ended_one_does_not(run, office):
    add = ("user", "add", "binh", "--name", "Trần Thị Bình", "--role", "intake_officer", "--password-stdin")
    assert run(office, *add, stdin=PASSWORD).status == 0
    assert may_sign_in(office, "binh", PASSWORD) == "binh"
    assert run(office, "user", "end", "binh").status == 0
    states = {one["username"]: one["active"] for one in run(office, "user", "list", "--json").json["users"]}
    assert states == {"quantri": True, "binh": False}


def test_reset_password_replaces_the_forgotten_one(run, office):
    assert run(office, "user", "reset", "quantri", "--password-stdin", stdin="the new password").status == 0
    assert may_sign_in(office, "quantri", "the new password")


def test_unknown_person_and_taken_name_are_told(run, office):
    assert "no account" in run(office, "user", "reset", "nobody", "--password-stdin", stdin=PASSWORD).err
    add = ("user", "add", "quantri", "--role", "auditor", "--password-stdin")
    assert "taken" in run(office, *add, stdin=PASSWORD).err


def test_password_is_never_taken_from_the_arguments(run, office):
    assert run(office, "user", "reset", "quantri", "--password", "x").status == 2
