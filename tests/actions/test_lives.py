"""Restored, copied, moved: a computer whose database has another past goes on in another life, and nothing is lost or doubled."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions import asking
from intake_app.actions import reconcile as reconcile_module
from intake_app.actions.node_status import node_status
from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.reconcile import reconcile
from intake_app.actions.verify_node import verify_node
from intake_app.node import DATABASE_FILE, SIDE_FILE, Node
from intake_app.store import journal, lists, nodes, queue, reports
from sync.errors import NoNetwork
from tests.actions.test_new_epoch import at_an_earlier_time
from tests.creators import InProcess, Province, make_node, province
from tests.simulation import poison
from tests.simulation.test_stories import machine_of

OFFICE = "0380"
DATABASE = (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm")
WHOLE = (*DATABASE, SIDE_FILE)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, OFFICE) as found:
        yield found


def copy_of(made: Province) -> Path:
    """A copy of the office's folder as it stands on disk now."""
    folder = made.node(OFFICE).settings.instance
    made.node(OFFICE).close()
    copy = folder.with_name(f"copy of {OFFICE}")
    shutil.copytree(folder, copy)
    made.offices[OFFICE] = make_node(folder, clock=made.clock)
    return copy


def put_back(made: Province, copy: Path, *names: str) -> Node:
    """Put these files of a copy back in place, and start again."""
    folder = made.node(OFFICE).settings.instance
    made.node(OFFICE).close()
    for name in names or WHOLE:
        (folder / name).unlink(missing_ok=True)
        if (copy / name).exists():
            shutil.copy(copy / name, folder / name)
    made.offices[OFFICE] = make_node(folder, clock=made.clock)
    return made.offices[OFFICE]


def ids(node: Node) -> list[str]:
    with node.database.read() as db:
        return sorted(row[0].hex() for row in db.all("SELECT e.id FROM report r JOIN entity e ON e.no = r.no"))


def life(node: Node) -> int:
    with node.database.read() as db:
        return journal.head(db).life


def alarm(made: Province) -> str | None:
    with made.centre.database.read() as db:
        return nodes.list_nodes(db)[0].alarm


def agreed(made: Province) -> bool:
    """Both sides hold the same, every cache fits, nothing waits."""
    office = made.node(OFFICE)
    same = ids(office) == ids(made.centre) and node_status(office)["waiting"] == 0
    return same and verify_node(office).problems == [] == verify_node(made.centre).problems


@pytest.mark.parametrize("files", [DATABASE, WHOLE], ids=["the database", "the whole disk"])
@pytest.mark.parametrize("written", [0, 3, 9])
def test_a_copy_put_back_fetches_what_the_centre_had(made: Province, files: tuple[str, ...], written: int) -> None:
    before = [made.record(OFFICE) for _ in range(4)]
    made.sync()
    copy = copy_of(made)
    lost = [made.record(OFFICE) for _ in range(5)]
    made.sync()
    put_back(made, copy, *files)
    after = [made.record(OFFICE) for _ in range(written)]
    made.sync()
    assert ids(made.node(OFFICE)) == sorted(one.id.hex() for one in (*before, *lost, *after))
    assert agreed(made) and life(made.node(OFFICE)) == 2
    assert node_status(made.node(OFFICE))["alarms"] == []


def test_what_was_never_sent_survives_a_copy_that_has_it(made: Province) -> None:
    made.sync()
    unsent = made.record(OFFICE)
    made.amend(OFFICE, unsent, village="Thôn 1")
    copy = copy_of(made)
    made.amend(OFFICE, unsent, village="Thôn 2")
    made.sync()
    put_back(made, copy)
    made.amend(OFFICE, unsent, details="Sau khi phục hồi")
    made.sync()
    state = made.seen("1022", unsent)
    assert (state["village"], state["details"]) == ("Thôn 2", "Sau khi phục hồi")
    assert agreed(made) and made.seen(OFFICE, unsent) == state


def test_an_event_journalled_again_keeps_its_id_and_is_shown_once(made: Province) -> None:
    found = made.record(OFFICE)
    made.amend(OFFICE, found, village="Thôn 1")
    office = put_back(made, copy_of(made), *WHOLE)
    office.side_file.path.write_bytes(b"")
    with office.database.read() as db:
        events = [row[0] for row in db.all("SELECT event FROM journal ORDER BY seq")]
    (office.settings.instance / SIDE_FILE).unlink()
    begun = begin(office)
    with begun.database.read() as db:
        again = [row[0] for row in db.all("SELECT event FROM journal WHERE life = 2 ORDER BY seq")]
        report = reports.load_report(db, found.id)
        counted = (queue.queue_status(db).waiting, lists.count_by_sync_state(db)["saved"])
    assert events == again and counted == (2, 1)
    assert report is not None and len(report.pending) == 2
    rebuild_rows(begun)
    assert verify_node(begun).problems == []


def begin(node: Node) -> Node:
    """Let a node believe it stands on another machine."""
    with node.database.transaction() as db:
        db.run("UPDATE self_node SET fingerprint = x'00'")
    return make_node(node.settings.instance, clock=node.clock)


def test_refused_events_that_were_lost_come_back_with_their_words(made: Province) -> None:
    found = made.record(OFFICE)
    made.sync()
    copy = copy_of(made)
    poison.write(machine_of(made, OFFICE), "report.noted", found.id, {"text": 7}, 1, set())
    lost = poison.write(machine_of(made, OFFICE), "report.teleported", None, {"to": "sao Hỏa"}, 1, set())
    made.sync()
    put_back(made, copy)
    made.sync()
    with made.node(OFFICE).database.read() as db:
        refused = queue.refused_events(db)
        status = queue.queue_status(db)
    assert sorted(one.verdict for one in refused) == ["held", "quarantined"]
    assert (status.held, status.refused, lost.id.hex() in {one.event for one in refused}) == (1, 1, True)
    assert agreed(made)


def test_two_machines_of_one_identity_lose_nothing_and_the_centre_is_told(made: Province) -> None:
    made.record(OFFICE)
    made.sync()
    folder = made.node(OFFICE).settings.instance
    twin = make_node(copy_of(made), clock=made.clock)
    first, second = made.node(OFFICE), twin
    for _ in range(3):
        for machine in (first, second):
            made.offices[OFFICE] = machine
            made.record(OFFICE)
            made.sync()
    for machine in (first, second):
        made.offices[OFFICE] = machine
        made.sync()
        assert agreed(made)
    assert (len(ids(made.centre)), life(first), life(second)) == (7, 1, 2)
    assert alarm(made) == "two_machines" and folder.exists()
    twin.close()


def test_equal_seqs_with_other_content_are_both_kept(made: Province) -> None:
    made.sync()
    twin = make_node(copy_of(made), clock=made.clock)
    first = made.node(OFFICE)
    one = made.record(OFFICE)
    made.offices[OFFICE] = twin
    other = made.record(OFFICE)
    for machine in (first, twin, first):
        made.offices[OFFICE] = machine
        made.sync()
    assert ids(made.centre) == sorted([one.id.hex(), other.id.hex()]) == ids(twin) == ids(first)
    twin.close()


def test_a_lost_answer_after_a_new_life_doubles_nothing(made: Province) -> None:
    made.sync()
    copy = copy_of(made)
    for _ in range(3):
        made.record(OFFICE)
    made.sync()
    put_back(made, copy)
    made.record(OFFICE)
    for _ in range(3):
        with pytest.raises(NoNetwork):
            made.sync(lose=1)
    made.sync()
    assert agreed(made) and len(ids(made.centre)) == 4


def test_until_it_is_made_good_a_person_is_told_and_after_that_it_is_history(made: Province) -> None:
    copy = copy_of(made)
    made.record(OFFICE)
    office = put_back(made, copy, *DATABASE)
    assert node_status(office)["alarms"] == ["rolled_back"]
    made.sync()
    status = node_status(office)
    assert (status["alarms"], status["life"]["missing"], bool(status["life"]["reconciled"])) == ([], 1, True)
    for node in (office, made.centre):
        with node.database.read() as db:
            assert db.value("SELECT count(*) FROM audit WHERE action = 'node.reincarnated'") == 1


def test_an_event_that_is_gone_from_the_journal_leaves_a_recorded_hole(made: Province) -> None:
    for _ in range(3):
        made.record(OFFICE)
    with made.node(OFFICE).database.transaction() as db:
        db.run("DELETE FROM journal WHERE seq <= 2")
    done = made.sync()
    assert done is not None and done.waiting == 0 and alarm(made) == "hole"
    with made.centre.database.read() as db:
        assert db.value("SELECT max(hole) FROM node_life") == 2
        assert db.value("SELECT count(*) FROM report") == 1


def test_a_restored_office_and_a_restored_centre_agree_again(made: Province, tmp_path: Path) -> None:
    first = made.record(OFFICE)
    made.sync()
    with at_an_earlier_time(made, tmp_path):
        second = made.record(OFFICE)
        made.amend(OFFICE, first, village="Thôn 9")
        made.sync()
        put_back(made, copy_of(made))
        begin(made.node(OFFICE)).close()
        made.sync()
        assert life(made.node(OFFICE)) == 2
    made.sync()
    assert ids(made.centre) == sorted([first.id.hex(), second.id.hex()])
    assert made.seen("1022", first)["village"] == "Thôn 9"
    assert agreed(made) and life(made.node(OFFICE)) == 3


def test_a_twin_is_never_told_by_number_of_what_rode_ahead_from_the_other(
    made: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile_module, "SEGMENT_EVENTS_MAX", 1)
    monkeypatch.setattr(asking, "URGENT_WAITS_SECONDS", 0.0)
    made.sync()
    for _ in range(3):
        made.record(OFFICE)
    twin = make_node(copy_of(made), clock=made.clock)
    first = made.node(OFFICE)
    made.record(OFFICE, urgency="urgent")
    with pytest.raises(NoNetwork):
        reconcile(first, InProcess(made.centre, lose=1), ignore_backoff=True)
    for machine in (twin, first, twin):
        made.offices[OFFICE] = machine
        made.sync()
    assert ids(twin) == ids(first) == ids(made.centre) and len(ids(twin)) == 4
    twin.close()
