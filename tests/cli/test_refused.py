"""`refused`, `repair` and `dismiss`: the same work as on the pages."""

from __future__ import annotations

from pathlib import Path

from intake_app.config import load_settings
from intake_app.node import open_node
from intake_app.store import journal
from tests.cli.conftest import Said
from tests.creators import journal_event, somebody


def refuse(instance: Path, text: object = 7) -> str:
    """An entry that the centre refused, as if it had said so."""
    node = open_node(load_settings(instance))
    with node.database.read() as db:
        report = db.value("SELECT id FROM entity WHERE type = 'report'")
    event = journal_event(node, somebody(node), "report.noted", report, {"text": text})
    with node.database.transaction() as db:
        db.run("UPDATE journal SET verdict = 'quarantined', code = 'not_text' WHERE event = ?", event.id)
        assert journal.refused_event(db, event.id) is not None
    node.close()
    return event.id.hex()


def test_what_was_refused_is_listed_repaired_and_gone(run, office, recorded) -> None:
    recorded(office)
    event = refuse(office)
    listed: Said = run(office, "refused", "--json")
    assert [(one["event"], one["code"]) for one in listed.json["refused"]] == [(event, "not_text")]
    assert run(office, "repair", event, "--set", "text=Đã gọi").status == 0
    assert run(office, "refused", "--json").json == {"refused": []}
    assert "nothing" in run(office, "refused").out


def test_giving_up_needs_a_reason(run, office, recorded) -> None:
    recorded(office)
    event = refuse(office)
    assert run(office, "dismiss", event).status == 2
    assert run(office, "dismiss", event, "--reason", "Nhập nhầm", "--json").json["event"] == event
    assert run(office, "refused", "--json").json == {"refused": []}


def test_what_is_not_refused_is_told_in_words(run, office) -> None:
    said = run(office, "repair", "00" * 16)
    assert said.status != 0 and "taken the earlier entry" in said.err
