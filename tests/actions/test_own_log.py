"""The centre's own work after a backup comes back from its log, under the same ids; what it was about may come later."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.node_status import node_status
from intake_app.actions.publish_article import publish_article
from intake_app.actions.shut_out import shut_out
from intake_app.actions.verify_node import verify_node
from intake_app.store import journal, nodes
from intake_app.store.articles import load_article
from intake_app.store.own_log import OwnEvent, OwnLog, log_of
from tests.backing_up import backed_up, bare_copy, put_back, restored, stopped, with_files
from tests.creators import Province, bind, make_node, province

TOWN, COAST, COAST_UNIT = "0380", "0381", "2021:14809"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, TOWN, COAST) as found:
        with_files(found.centre)
        yield found


def head(made: Province) -> journal.Head:
    with made.centre.database.read() as db:
        return journal.head(db)


def all_fit(made: Province) -> bool:
    return all(verify_node(node).ok for node in (made.centre, *made.offices.values()))


def test_what_operators_did_after_the_backup_comes_back_and_the_life_goes_on(made: Province) -> None:
    first = made.record("1022")
    file = backed_up(made.centre)
    second = made.record("1022", unit=COAST_UNIT)
    made.amend("1022", first, village="Thôn 1")
    before = head(made)
    restored(made, file)
    assert head(made)[:7] == before[:7]
    made.sync()
    assert made.seen("1022", first)["village"] == "Thôn 1"
    assert made.seen(COAST, second) == made.seen("1022", second)
    assert all_fit(made)


def test_a_restore_may_be_done_twice(made: Province) -> None:
    file = backed_up(made.centre)
    found = made.record("1022")
    restored(made, file)
    again = made.record("1022")
    restored(made, file)
    assert made.holds("1022", found) and made.holds("1022", again)
    assert all_fit(made)


def test_work_on_a_report_that_the_office_sends_later_waits_for_it(made: Province) -> None:
    file = backed_up(made.centre)
    found = made.record(TOWN)
    made.sync()
    made.step("1022", found, "verify")
    made.amend("1022", found, village="Thôn 7")
    restored(made, file)
    assert not made.holds("1022", found)
    assert node_status(made.centre)["own_waiting"] == 2
    made.sync(COAST, TOWN)
    state = made.seen("1022", found)
    assert (state["status"], state["village"]) == ("verifying", "Thôn 7")
    assert made.seen(TOWN, found) == state
    assert (node_status(made.centre)["own_waiting"], all_fit(made)) == (0, True)


def test_without_the_log_the_centre_goes_on_in_another_life(made: Province) -> None:
    file = backed_up(made.centre)
    made.record("1022")
    before = head(made)
    restored(made, file, lambda folder: shutil.rmtree(folder / "log"))
    assert (head(made).life, head(made).seq) == (before.life + 1, 0)
    made.record("1022")
    made.sync()
    assert all_fit(made)


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_torn_last_record_is_skipped_and_what_is_written_after_it_is_read(made: Province, cut: int) -> None:
    for _ in range(3):
        made.record("1022")
    log = log_of(made.centre)
    file = log.files()[-1]
    file.write_bytes(file.read_bytes()[:-cut])
    made.record("1022")
    seqs = [record.seq for record in OwnLog(log.folder).read() if isinstance(record, OwnEvent)]
    assert seqs == [1, 2, 4]


def test_a_computer_enrolled_after_the_backup_is_known_again(made: Province, tmp_path: Path) -> None:
    file = backed_up(made.centre)
    third = made.offices["0382"] = make_node(tmp_path / "0382", "office", "0382", made.clock)
    bind(made.centre, third)
    restored(made, file)
    done = made.sync("0382")
    assert done is not None and done.waiting == 0


def test_a_bare_copy_put_back_loses_nothing_that_is_in_the_log(made: Province) -> None:
    copy = bare_copy(made)
    found = made.record("1022")
    with put_back(made, copy) as folder:
        (folder / "side").unlink()
    assert made.holds("1022", found)
    assert "epoch_forced" in node_status(made.centre)["alarms"]


def test_a_full_log_disk_is_an_alarm_and_the_next_start_catches_up(
    made: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.record("1022")
    with monkeypatch.context() as full:
        full.setattr(OwnLog, "append", lambda *args: (_ for _ in ()).throw(OSError(28, "full")))
        made.record("1022")
    assert "own_log_failed" in node_status(made.centre)["alarms"]
    with stopped(made):
        pass
    assert [one.seq for one in log_of(made.centre).read() if isinstance(one, OwnEvent)] == [1, 2]


def test_a_computer_shut_out_after_the_backup_stays_shut_out(made: Province) -> None:
    file = backed_up(made.centre)
    stolen = made.node(COAST).head.node
    shut_out(made.centre, made.actor("1022"), stolen)
    restored(made, file)
    with made.centre.database.read() as db:
        found = nodes.find_node(db, stolen)
    assert found is not None and found.revoked


def test_answers_published_after_the_backup_come_back_with_every_edition(made: Province) -> None:
    file = backed_up(made.centre)
    content = {"question": "Mất điện?", "short": "Một", "source": "Mẫu", "valid_from": "2021-01-01"}
    actor = made.actor("1022")
    article = publish_article(made.centre, actor, content | {"topics": ["other_directed"]})
    publish_article(made.centre, actor, content | {"topics": ["other_directed"], "short": "Hai"}, article, 1)
    made.sync()
    restored(made, file)
    made.sync()
    with made.centre.database.read() as db:
        found = load_article(db, article, "2021-12-05")
    assert found is not None
    assert (found.state["edition"], found.state["short"]) == (2, "Hai")
    assert all_fit(made)
