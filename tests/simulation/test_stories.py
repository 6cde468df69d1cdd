"""What the simulator found, each told once as a story with the fewest machines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions import reconcile as reconcile_module
from intake_app.actions.enroll import enroll, make_enrollment_code
from intake_app.actions.publish_reference import known_content, publish
from intake_app.actions.reconcile import reconcile
from intake_app.actions.record_report import record_lines, record_report
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store import echoes, judging, reports
from intake_app.store.entities import load_entities
from intake_app.store.holdings import last_read_anew
from sync import envelope, protocol, report
from sync.errors import NoNetwork
from sync.event import Event
from sync.outcome import Outcome
from sync.ports import Answer
from sync.reference import UNIT
from tests.creators import InProcess, Province, make_line, open_conflicts, province
from tests.simulation import poison
from tests.simulation.machines import Machine
from tests.simulation.world import World, make_world

TOWN, COAST = "0380", "0381"
TOWN_UNIT, COAST_UNIT = "2021:14758", "2021:14809"


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Province]:
    """A centre with the town and the coast."""
    with province(tmp_path, TOWN, COAST) as made:
        yield made


def grant(both: Province, office: str, *units: str) -> None:
    code = make_enrollment_code(both.centre, both.actor("1022"), office, units)
    enroll(both.node(office), both.actor(office), "http://127.0.0.1:1", code, link=InProcess(both.centre))  # type: ignore[arg-type]


def test_who_moves_a_report_out_of_the_own_unit_holds_it_no_longer(both: Province) -> None:
    found = both.record(TOWN, unit=COAST_UNIT)
    both.sync(TOWN, COAST)
    both.amend(COAST, found, unit=TOWN_UNIT)
    both.sync(COAST)
    assert not both.holds(COAST, found)
    assert both.holds(TOWN, found)


def test_ones_own_work_on_a_report_that_is_leaving_stays_in_view_until_all_of_it_is_judged(
    both: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile_module, "SEGMENT_EVENTS_MAX", 1)
    found = both.record(TOWN, unit=COAST_UNIT)
    both.sync(TOWN, COAST)
    for changes in ({"unit": TOWN_UNIT}, {"details": "Đã xem"}, {"village": "Thôn 1"}):
        both.amend(COAST, found, **changes)
    with pytest.raises(NoNetwork):
        reconcile(both.node(COAST), Cut(both.centre, after=2), ignore_backoff=True)
    seen = both.seen(COAST, found)
    assert (seen["unit"], seen["details"], seen["village"]) == (TOWN_UNIT, "Đã xem", "Thôn 1")
    both.sync(COAST)
    assert not both.holds(COAST, found)


def test_a_last_verdict_that_comes_while_states_are_missing_settles_what_was_kept_for_it(
    both: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile_module, "SEGMENT_EVENTS_MAX", 1)
    found = both.record(TOWN, unit=COAST_UNIT)
    both.sync(TOWN, COAST)
    both.amend("1022", found, summary="Sửa ở trung tâm")
    both.amend(COAST, found, unit=TOWN_UNIT)
    both.amend(COAST, found, summary="Sửa ở biển")
    with pytest.raises(NoNetwork):
        reconcile(both.node(COAST), Cut(both.centre, after=1), ignore_backoff=True)
    with both.node(COAST).database.transaction() as db:
        db.run("INSERT INTO wanted (entity) VALUES (?)", bytes(16))
    with pytest.raises(NoNetwork):
        reconcile(both.node(COAST), Cut(both.centre, after=1), ignore_backoff=True)
    with both.node(COAST).database.transaction() as db:
        db.run("DELETE FROM wanted")
    both.sync(COAST)
    with both.node(COAST).database.read() as db:
        assert [row[0] for row in db.all("SELECT verdict FROM journal ORDER BY seq")] == ["applied", "conflict"]
        assert db.value("SELECT count(*) FROM entity WHERE view IS NOT NULL") == 0


def test_units_taken_from_an_office_take_their_reports_along(both: Province) -> None:
    found = both.record(TOWN)
    grant(both, COAST, "2021:380")
    both.sync(TOWN, COAST)
    assert both.holds(COAST, found)
    grant(both, COAST)
    both.sync(COAST)
    assert not both.holds(COAST, found)


def test_units_given_back_bring_their_reports_back_unchanged(both: Province) -> None:
    found = both.record(TOWN)
    for units in (("2021:380",), (), ("2021:380",)):
        grant(both, COAST, *units)
        both.sync(TOWN, COAST)
    assert both.seen(COAST, found) == both.seen("1022", found)


def test_a_unit_taken_away_before_all_of_it_was_read_takes_its_reports_along_despite_work_on_them(
    both: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "PAGE_ENTITIES_MAX", 1)
    found, _ = both.record(COAST), both.record(COAST)
    grant(both, TOWN, "2021:381")
    both.sync(COAST)
    with pytest.raises(NoNetwork):
        reconcile(both.node(TOWN), Cut(both.centre, after=1), ignore_backoff=True)
    assert both.holds(TOWN, found)
    monkeypatch.setattr(protocol, "PAGE_ENTITIES_MAX", 1000)
    monkeypatch.setattr(reconcile_module, "SEGMENT_EVENTS_MAX", 1)
    both.amend(TOWN, found, details="Đã xem")
    both.amend(TOWN, found, village="Thôn 1")
    grant(both, TOWN)
    both.sync(TOWN)
    assert not both.holds(TOWN, found)
    assert both.seen("1022", found)["village"] == "Thôn 1"


def unlike(*_given: object) -> None:
    """What the centre holds cannot be made again here."""


def test_a_state_that_is_waited_for_comes_although_one_of_its_scopes_has_lost_it(
    both: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = both.record(TOWN)
    with monkeypatch.context() as patch:
        for way in ("fitting", "laid_on", "made_again"):
            patch.setattr(echoes, way, unlike)
        with pytest.raises(NoNetwork):
            reconcile(both.node(TOWN), Cut(both.centre, after=1), ignore_backoff=True)
    unit = known_content(both.centre.directory, UNIT, TOWN_UNIT) or {}
    publish(both.centre, both.actor("1022"), UNIT, unit | {"parent": "2021:381"})
    both.sync(TOWN)
    with both.node(TOWN).database.read() as db:
        assert load_entities(db, [found.id])[found.id].confirmed == both.seen("1022", found)
        assert last_read_anew(db) is None


def machine_of(both: Province, office: str) -> Machine:
    node = both.node(office)
    machine = Machine(office, node.settings, both.actor(office), node.directory, None, None, None)  # type: ignore[arg-type]
    machine._node = node
    return machine


def test_an_event_too_large_for_any_rule_keeps_nothing_else_back(both: Province) -> None:
    first, second = both.record(TOWN), both.record(TOWN)
    large = poison.write(machine_of(both, TOWN), "report.noted", first.id, {"text": poison.TOO_LARGE}, 1, set())
    both.amend(TOWN, second, summary="Đã tới nơi")
    done = both.sync(TOWN)
    assert (done and done.waiting, both.seen("1022", second)["summary"]) == (0, "Đã tới nơi")
    with both.node(TOWN).database.read() as db:
        assert db.value("SELECT verdict FROM journal WHERE event = ?", large.id) == "quarantined"


def broken(state: dict[str, object], event: Event, origin: object) -> Outcome:
    """A rule of ours with a bug: it takes away what a report must have."""
    return Outcome("applied", {key: value for key, value in state.items() if key != "summary"})


def test_an_event_that_breaks_our_own_code_is_put_aside_alone(both: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = both.record(TOWN), both.record(TOWN)
    poison.write(machine_of(both, TOWN), "report.rated", first.id, {"score": "4"}, 1, set())
    both.amend(TOWN, second, summary="Đã tới nơi")
    monkeypatch.setitem(report.APPLY, "report.rated", broken)  # type: ignore[arg-type]
    both.sync(TOWN)
    assert both.seen("1022", second)["summary"] == "Đã tới nơi"
    with both.centre.database.read() as db:
        assert db.value("SELECT count(*) FROM broken_promise") == 1
        assert db.value("SELECT count(*) FROM inbox_event WHERE verdict = 'quarantined'") == 1


def not_known_yet(state: dict[str, object] | None, event: Event, node: bytes, *rest: object) -> Outcome:
    """A centre older than its offices."""
    return Outcome("held", state, "unknown_kind")


@pytest.mark.parametrize("verdict", ["held", "quarantined"])
def test_a_report_that_the_centre_would_not_take_stays_with_its_office(
    both: Province, monkeypatch: pytest.MonkeyPatch, verdict: str
) -> None:
    found = both.record(TOWN)
    both.amend(TOWN, found, village="Thôn 1")
    with monkeypatch.context() as older:
        if verdict == "held":
            older.setattr(judging, "judge", not_known_yet)
        else:
            older.setattr(judging, "EVENT_BYTES_MAX", 10)
        both.sync(TOWN)
        both.sync(TOWN)
    with both.node(TOWN).database.read() as db:
        report_now = reports.load_report(db, found.id)
    assert report_now is not None
    assert (report_now.state["village"], report_now.pending[0].verdict) == ("Thôn 1", verdict)
    assert verify_node(both.node(TOWN)).ok


class Heavy(InProcess):
    """A link that remembers how large the answers were."""

    heaviest = 0

    def post(self, data: bytes) -> Answer:
        answer = super().post(data)
        self.heaviest = max(self.heaviest, len(answer.data))
        return answer


def test_a_page_of_long_reports_still_fits_a_message(both: Province) -> None:
    chance = random.Random(1)
    signs = [chr(code) for code in range(0x4E00, 0x9FA0)]  # nothing a compressor could make much smaller
    lines = [(at, make_line(TOWN, details="".join(chance.choices(signs, k=4900)))) for at in range(530)]
    record_lines(both.centre, both.actor("1022"), lines)
    link = Heavy(both.centre)
    done = reconcile(both.node(TOWN), link, ignore_backoff=True)
    assert done is not None
    assert (done.received >= 530, link.heaviest < envelope.MESSAGE_BYTES_MAX) == (True, True)


def test_ones_own_work_stays_in_view_until_the_states_it_led_to_have_come(
    both: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "PAGE_ENTITIES_MAX", 1)
    found = both.record(TOWN, unit=COAST_UNIT)
    both.sync(TOWN, COAST)
    both.amend("1022", found, summary="Sửa ở trung tâm")
    for _ in range(3):
        both.record("1022", unit=TOWN_UNIT)
    both.amend(TOWN, found, summary="Sửa ở thành phố", village="Thôn 1")
    with pytest.raises(NoNetwork):
        reconcile(both.node(TOWN), Cut(both.centre, after=1), ignore_backoff=True)
    assert both.seen(TOWN, found)["village"] == "Thôn 1"
    both.sync(TOWN)
    assert len(open_conflicts(both.node(TOWN))) == 1


class Cut(InProcess):
    """A line that breaks after some answers."""

    def __init__(self, centre: Node, after: int) -> None:
        super().__init__(centre)
        self.after = after

    def post(self, data: bytes) -> Answer:
        if not self.after:
            raise NoNetwork("no_network")
        self.after -= 1
        return super().post(data)


def test_a_report_whose_code_was_taken_stays_in_view_until_its_new_code_has_come() -> None:
    world = make_world(1)
    try:
        first, second = world.offices
        second.clock.true_ms += 5000
        ids = [_record(machine) for machine in (first, second)]
        _sync(world, first)
        with pytest.raises(NoNetwork):
            _sync(world, second, after=1)
        with second.node.database.read() as db:
            assert poison.seen(db, ids[1])["tracking_code"]
        _sync(world, second)
        with second.node.database.read() as db:
            assert poison.seen(db, ids[1])["aliases"]
    finally:
        world.close()


def _record(machine: Machine) -> bytes:
    machine.entropy.seed(7)  # the same random number for the code on both; their clocks tell the ids apart
    return record_report(machine.node, machine.actor, make_line(TOWN)).id


def _sync(world: World, machine: Machine, after: int = 99) -> None:
    reconcile(machine.node, Cut(world.centre.node, after), ignore_backoff=True)
