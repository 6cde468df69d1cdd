"""What the centre does not allow whatever a form let through, and what it must allow although it may look forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake_app.actions import asking, reconcile
from intake_app.actions.receive import exchange
from intake_app.store import journal
from sync import envelope, protocol, segment
from tests.creators import Province, employ, journal_event, province, record, refusals

TOWN, COAST = "0380", "0381"
COAST_UNIT = "2021:14809"


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Province]:
    """A centre with the town and the coast."""
    with province(tmp_path, TOWN, COAST) as made:
        yield made


def test_a_role_that_a_form_forgot_to_ask_for_is_asked_for_at_the_centre(both: Province) -> None:
    found, handler = both.record(TOWN), employ(both.node(TOWN), "case_handler")
    journal_event(both.node(TOWN), handler, "report.rated", found.id, {"score": "4"})
    both.sync(TOWN)
    assert refusals(both.node(TOWN)) == {"report.rated": ("denied", "role_missing")}
    assert "rating" not in both.seen("1022", found)
    assert "rating" not in both.seen(TOWN, found)


def test_what_was_denied_holds_nothing_back(both: Province) -> None:
    found, handler = both.record(TOWN), employ(both.node(TOWN), "case_handler")
    journal_event(both.node(TOWN), handler, "report.rated", found.id, {"score": "4"})
    both.amend(TOWN, found, village="Thôn 1")
    both.sync(TOWN)
    assert both.seen("1022", found)["village"] == "Thôn 1"


def test_what_was_written_before_a_person_ended_counts(both: Province) -> None:
    node, found = both.node(TOWN), both.record(TOWN)
    officer = employ(node, "intake_officer")
    journal_event(node, officer, "report.noted", found.id, {"text": "Trước"})
    journal_event(node, both.actor(TOWN), "person.ended", officer.person, {})
    journal_event(node, officer, "report.called", found.id, {"direction": "out", "result": "busy"})
    both.sync(TOWN)
    assert refusals(node) == {"report.called": ("denied", "person_ended")}
    assert [note["text"] for note in both.seen("1022", found)["notes"]] == ["Trước"]


def test_roles_count_from_the_event_that_gave_them(both: Province) -> None:
    node, found = both.node(TOWN), both.record(TOWN)
    person = employ(node, "case_handler")
    journal_event(node, person, "report.informed", found.id, {"means": "phone"})
    journal_event(node, both.actor(TOWN), "person.changed", person.person, {"roles": ["intake_officer"]})
    journal_event(node, person, "report.called", found.id, {"direction": "out", "result": "busy"})
    both.sync(TOWN)
    assert refusals(node) == {"report.informed": ("denied", "role_missing")}


def test_an_office_changes_no_account_of_another(both: Province) -> None:
    coast, stranger = both.node(COAST), employ(both.node(TOWN), "intake_officer")
    both.sync()
    journal_event(coast, both.actor(COAST), "person.changed", stranger.person, {"roles": ["administrator"]})
    both.sync()
    assert refusals(coast) == {"person.changed": ("denied", "other_office")}


def test_a_report_that_left_the_office_takes_what_was_done_before_it_heard(both: Province) -> None:
    found = both.record(TOWN, unit=COAST_UNIT)
    both.sync()
    both.amend("1022", found, unit="2021:14758")
    officer = employ(both.node(COAST), "intake_officer")
    journal_event(both.node(COAST), officer, "report.noted", found.id, {"text": "Đã xem"})
    both.sync()
    assert refusals(both.node(COAST)) == {}
    assert both.seen("1022", found)["notes"]


def test_a_report_that_the_office_never_held_stays_as_it_is(both: Province) -> None:
    found = both.record(TOWN)
    both.sync(TOWN)
    journal_event(both.node(COAST), both.actor(COAST), "report.noted", found.id, {"text": "Tôi cũng thấy"})
    both.sync(COAST)
    assert refusals(both.node(COAST)) == {"report.noted": ("denied", "never_held")}
    assert "notes" not in both.seen("1022", found)


def test_an_urgent_report_that_overtook_the_word_of_its_author_waits_for_its_turn(
    both: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ahead of the queue the centre knows the person still as they were: nothing final may follow from that."""
    node = both.node(TOWN)
    person = employ(node, "case_handler")
    both.sync(TOWN)
    both.record(TOWN)
    journal_event(node, both.actor(TOWN), "person.changed", person.person, {"roles": ["intake_officer"]})
    urgent = record(node, replace(person, roles=frozenset({"intake_officer"})), urgency="urgent")
    monkeypatch.setattr(reconcile, "SEGMENT_EVENTS_MAX", 1)
    monkeypatch.setattr(asking, "is_long", lambda *rest: True)
    both.sync(TOWN)
    assert refusals(node) == {}
    assert both.holds("1022", urgent)


@pytest.mark.parametrize("kinds", [("report.noted",), ("report.recorded", "report.noted")])
def test_only_a_single_report_may_ride_ahead(both: Province, kinds: tuple[str, ...]) -> None:
    node, found = both.node(TOWN), both.record(TOWN)
    journal_event(node, both.actor(TOWN), "report.noted", found.id, {"text": "Trước lượt"})
    first = 3 - len(kinds)
    with node.database.read() as db:
        head = journal.head(db)
        raws = journal.raws_after(db, head.life, first - 1, len(kinds))
        before = journal.hash_at(db, head.life, head.incarnation, head.node, first - 1)
    assert before is not None
    item = segment.make(head.node, head.incarnation, first, before, raws, False)
    item = item.signed(node.keys.sign(segment.signed_part(item)))
    asked = protocol.Request(b"", head.incarnation, head.seq, head.hash, [], protocol.Health(), urgent=[item])
    exchange(both.centre, envelope.seal(envelope.REQUEST, head.node, bytes(16), protocol.encode(asked), node.keys.sign))
    with both.centre.database.read() as db:
        assert db.value("SELECT count(*) FROM inbox_segment") == 0
