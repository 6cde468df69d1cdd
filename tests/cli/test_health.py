"""`status`, `verify`, `doctor`."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from intake_app.config import load_settings
from intake_app.node import open_node
from intake_app.store import lives

KEYS = {
    "role", "node", "office", "enrolled", "reports", "waiting", "conflicts", "quarantined", "last_contact", "ok"
}  # fmt: skip


def test_status_has_the_promised_keys(run, office, recorded):
    recorded(office)
    said = run(office, "status", "--json").json
    assert said.keys() >= KEYS and (said["role"], said["office"], said["reports"], said["ok"]) == (
        "office",
        "0380",
        1,
        True,
    )


def test_status_speaks_to_people(run, office):
    said = run(office, "status")
    assert said.status == 0 and "Office: 0380" in said.out and "All in order: yes" in said.out


def test_verify_finds_nothing_in_a_sound_node(run, office, recorded):
    recorded(office)
    said = run(office, "verify", "--json")
    assert said.status == 0 and said.json["ok"] and said.json["problems"] == []


def test_verify_finds_a_row_that_somebody_changed(run, office, recorded):
    recorded(office)
    with sqlite3.connect(office / "intake.db") as db:
        db.execute("UPDATE report SET status = 'closed'")
    db.close()
    said = run(office, "verify", "--json")
    assert said.status == 1 and not said.json["ok"] and said.json["problems"]


def checks(said) -> dict[str, dict]:
    return {one["name"]: one for one in said.json["checks"]}


def test_doctor_is_content_with_a_sound_node(run, office):
    said = run(office, "doctor", "--json")
    assert said.status == 0 and [name for name, one in checks(said).items() if not one["ok"]] == []


def test_doctor_works_where_nothing_is_set_up(run, tmp_path):
    said = run(tmp_path / "none", "doctor", "--json")
    assert said.status == 0 and "init" in checks(said)["settings"]["advice"] and not (tmp_path / "none").exists()


def test_doctor_says_what_to_do_about_broken_settings(run, office):
    (office / "settings.toml").write_text("role = 'office'\noffice = '0380'\ncolour = 'red'\n")
    found = checks(run(office, "doctor", "--json"))["settings"]
    assert not found["ok"] and "colour" in found["found"] and found["advice"]


def test_doctor_survives_a_damaged_database(run, office):
    (office / "intake.db").write_bytes(b"no database" * 1000)
    found = checks(run(office, "doctor", "--json"))
    assert not found["database"]["ok"] and found["versions"]["ok"]


def test_doctor_sees_that_other_users_can_look_in(run, office):
    office.chmod(0o755)
    assert "chmod" in checks(run(office, "doctor", "--json"))["folder"]["advice"]


def test_doctor_speaks_to_people(run, office):
    said = run(office, "doctor")
    assert said.status == 0 and "✓ Database: sound" in said.out


def test_damaged_database_is_one_sentence_and_a_log(run, office):
    (office / "intake.db").write_bytes(b"no database" * 1000)
    said = run(office, "status")
    assert said.status == 2 and said.err.count("\n") == 1 and "node.log" in said.err
    assert "Traceback" in (office / "log" / "node.log").read_text()


def test_doctor_and_status_tell_of_a_copy_that_was_put_back(run, office, recorded):
    recorded(office)
    with closing(open_node(load_settings(office))) as node, node.database.transaction() as db:
        lives.begin(node, db, "rolled_back", missing=2)
    history = checks(run(office, "doctor", "--json"))["history"]
    assert not history["ok"] and history["advice"] and "2 entries" in history["found"]
    assert "is an older copy" in run(office, "status").out
    status = run(office, "status", "--json").json
    assert (status["alarms"], status["ok"], status["life"]["missing"]) == (["rolled_back"], False, 2)
