"""Exports in the background: asked for, made by another process, fetched, removed; nobody gets half a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.make_export import FOLDER, SILENT_MS, make_export, next_export, remove_old_exports
from intake_app.exporter import Exporter, main
from intake_app.store import exports
from tests.central.staff import OFFICE, Staffed
from tests.pages import Browser

DAY_MS = 86_400_000


def ask(browser: Browser, **changes: str) -> None:
    browser.send(browser.get("/exports"), {"format": "csv"} | changes, to="/exports")


def files(province: Staffed) -> list[Path]:
    return sorted((province.centre.settings.instance / FOLDER).glob("*"))


def state(province: Staffed, number: int = 1) -> str:
    with province.centre.database.read() as db:
        found = exports.find(db, number)
    assert found is not None
    return found.state


def audited(province: Staffed) -> list[str]:
    with province.centre.database.read() as db:
        return [row[0] for row in db.all("SELECT action FROM audit WHERE action LIKE 'export.%' ORDER BY no")]


def test_file_is_made_in_the_background_and_fetched(province: Staffed) -> None:
    province.arrived(summary="Nước đục")
    admin = province.browser("admin")
    ask(admin)
    assert "Waits for its turn" in admin.get("/exports").text
    assert next_export(province.centre) == 1 and make_export(province.centre, 1)
    page = admin.get("/exports")
    assert "Whole: 1 report," in page.text
    data = admin.client.get(page.link("Fetch"), buffered=True).data.decode("utf-8-sig")
    assert "Nước đục" in data and data.count("\r\n") == 2
    assert audited(province) == ["export.asked", "export.made", "export.fetched"]


def test_days_narrow_the_file(province: Staffed) -> None:
    for day in ("2021-12-01", "2021-12-02", "2021-12-03"):
        province.arrived(summary=f"Việc {day}", received_at=f"{day}T23:30:00+07:00")
    admin = province.browser("admin")
    ask(admin, format="jsonl", first="2/12/2021", last="2/12/2021")
    make_export(province.centre, 1)
    assert [b"2021-12-02" in line for line in files(province)[0].read_bytes().splitlines()] == [True]


def test_secret_identity_is_in_no_file(province: Staffed) -> None:
    province.arrived(name="Đặng Văn Mật", phone="0912345678", confidential=True)
    admin = province.browser("admin")
    for number, ending in enumerate(("jsonl", "csv"), 1):
        ask(admin, format=ending)
        make_export(province.centre, number)
    text = b"".join(file.read_bytes() for file in files(province))
    assert "Mật".encode() not in text and b"12345678" not in text


def test_interrupted_export_begins_anew_and_says_so(province: Staffed) -> None:
    province.arrived()
    admin = province.browser("admin")
    ask(admin)
    with province.centre.database.transaction() as db:
        exports.begin(db, 1, 10, province.clock.at_ms)
    assert next_export(province.centre) is None
    province.clock.at_ms += SILENT_MS + 1000
    assert next_export(province.centre) == 1
    assert "begins anew" in admin.get("/exports").text
    assert make_export(province.centre, 1) and len(files(province)) == 1


def test_export_that_is_interrupted_again_and_again_is_given_up(province: Staffed) -> None:
    admin = province.browser("admin")
    ask(admin)
    for _ in range(3):
        assert next_export(province.centre) == 1
        with province.centre.database.transaction() as db:
            exports.begin(db, 1, 10, province.clock.at_ms)
        province.clock.at_ms += SILENT_MS + 1000
    assert next_export(province.centre) is None
    assert "interrupted 3 times" in admin.get("/exports").text


def test_export_that_somebody_ended_leaves_no_file(province: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    province.arrived()
    province.arrived()
    admin = province.browser("admin")
    ask(admin)
    monkeypatch.setattr("intake_app.actions.make_export.TELL_EVERY", 1)
    monkeypatch.setattr(exports, "tell", lambda db, no, done, now: done < 2)
    assert not make_export(province.centre, 1)
    assert files(province) == []


def test_old_files_are_removed_and_that_is_written_down(province: Staffed) -> None:
    admin = province.browser("admin")
    ask(admin)
    make_export(province.centre, 1)
    province.clock.at_ms += 6 * DAY_MS
    assert remove_old_exports(province.centre) == 0
    province.clock.at_ms += 2 * DAY_MS
    assert remove_old_exports(province.centre) == 1
    assert (files(province), state(province), audited(province)[-1]) == ([], "removed", "export.removed")


def test_file_is_for_who_asked_for_it_and_for_administrators(province: Staffed) -> None:
    ask(province.browser("dispatch"))
    make_export(province.centre, 1)
    assert province.browser("admin").client.get("/exports/1/file", buffered=True).status_code == 200
    auditor = province.browser("auditor")
    assert "No file was asked for" in auditor.get("/exports").text
    auditor.get("/exports/1/file", 404)
    province.browser("health").get("/exports", 403)


def test_a_person_has_only_so_many_under_way(province: Staffed) -> None:
    admin = province.browser("admin")
    for _ in range(3):
        ask(admin)
    page = admin.send(admin.get("/exports"), {"format": "csv"}, to="/exports", status=409)
    assert "still being made" in page.text


def test_serving_centre_has_exports_made_one_after_the_other(province: Staffed) -> None:
    begun: list[int] = []

    class Running:
        def poll(self) -> int | None:
            return None

    def begin(_instance: Path, number: int) -> Any:
        begun.append(number)
        return Running()

    admin = province.browser("admin")
    ask(admin)
    ask(admin)
    exporter = Exporter(province.centre, begin)
    exporter.look()
    exporter.look()
    assert begun == [1]


def test_process_of_its_own_makes_the_file(province: Staffed) -> None:
    province.arrived()
    ask(province.browser("admin"))
    from intake_app.config import write_settings

    write_settings(province.centre.settings)
    assert main(str(province.centre.settings.instance), "1") == 0
    assert state(province) == "done" and OFFICE not in str(files(province))
