"""Bulletins: issued they are frozen and numbered; what arrives late is told apart; what leaves the house points to nobody."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from intake_app.actions.tally_reports import tally_reports
from intake_app.store.coverage import HOUR_MS
from tests.central.staff import Staffed
from tests.pages import Browser, Page

DAY = "2021-12-05"
NEW = "/bulletins/new?kind=day&first=5/12/2021"


def arrive(province: Staffed, count: int = 1, **changes: object) -> None:
    for _ in range(count):
        province.record("0380", **({"received_at": f"{DAY}T08:00:00+07:00"} | changes))
    province.sync()


@pytest.fixture
def boss(province: Staffed) -> Browser:
    tally_reports(province.centre)
    return province.browser("dispatch")


def issued(boss: Browser, address: str = NEW) -> Page:
    return boss.send(boss.get(address), to="/bulletins/new")


def test_bulletin_is_looked_at_before_it_is_issued(province: Staffed, boss: Browser) -> None:
    arrive(province, 2)
    tally_reports(province.centre)
    page = boss.get(NEW)
    assert "draft" in page.text.lower() and boss.get("/bulletins").all("tbody") == []
    assert "BÁO CÁO NGÀY" in page.text and "chưa phát hành" in page.text


def test_issued_bulletin_has_a_number_and_never_changes(province: Staffed, boss: Browser) -> None:
    arrive(province, 2)
    first = issued(boss)
    assert "1/2021" in first.text
    before = first.all("article")[0].text
    arrive(province, 3)
    tally_reports(province.centre)
    page = boss.get(first.path)
    assert page.all("article")[0].text == before
    assert "Arrived since: 3 more reports" in page.text


def test_counts_are_brought_up_to_date_when_a_bulletin_is_issued(province: Staffed, boss: Browser) -> None:
    page = boss.get(NEW)
    arrive(province, 2)
    assert row(boss.send(page, to="/bulletins/new"), "Cộng")[-1] == "2"


def row(page: Page, name: str) -> list[str]:
    found = next(each for each in page.all("article")[0].all("tr") if each.all("th") and name in each.all("th")[0].text)
    return [cell.text for cell in found.all("td")]


def test_next_bulletin_tells_what_arrived_late_for_the_one_before(province: Staffed, boss: Browser) -> None:
    arrive(province)
    issued(boss)
    arrive(province, 2)
    province.clock.at_ms += 30 * HOUR_MS
    boss = province.browser("dispatch")
    second = issued(boss, "/bulletins/new?kind=day&first=6/12/2021")
    assert "1/2021 (05/12/2021 – 05/12/2021): thêm 2 phiếu" in second.text
    province.clock.at_ms += 24 * HOUR_MS
    third = issued(province.browser("dispatch"), "/bulletins/new?kind=day&first=7/12/2021")
    assert "1/2021 (" not in third.text


def test_outside_edition_hides_small_counts_and_the_cross_of_agency_and_topic(province: Staffed, boss: Browser) -> None:
    arrive(province, 7, topic="price_fraud")
    arrive(province, 2, topic="medical_advice")
    made = issued(boss)
    inside, outside = boss.get(made.path), boss.get(f"{made.path}?edition=outside")
    assert "2" in row(inside, "cấp cứu") and "…" in row(outside, "cấp cứu")
    assert "…" in row(outside, "thiết yếu")  # else the small one could be worked out
    assert len(inside.all("table")) == len(outside.all("table")) + 1


def test_outside_edition_hides_how_few_arrived_late_and_for_whom(province: Staffed, boss: Browser) -> None:
    arrive(province, 7)
    first = issued(boss)
    arrive(province)
    tally_reports(province.centre)
    assert "Arrived since: … more reports" in boss.get(f"{first.path}?edition=outside").text
    province.clock.at_ms += 30 * HOUR_MS
    boss = province.browser("dispatch")
    second = issued(boss, "/bulletins/new?kind=day&first=6/12/2021")
    assert "1/2021 (05/12/2021 – 05/12/2021): thêm … phiếu" in boss.get(f"{second.path}?edition=outside").text


@pytest.mark.parametrize("edition", ["inside", "outside"])
def test_bulletin_is_taken_along_as_a_file(province: Staffed, boss: Browser, edition: str) -> None:
    arrive(province, 7)
    made = issued(boss)
    csv, xlsx, lines = (
        boss.client.get(f"{made.path}/file?format={ending}&edition={edition}").data for ending in ("csv", "xlsx", "jsonl")
    )
    assert csv.startswith(b"\xef\xbb\xbf") and b"1/2021" in csv
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(xlsx)).namelist()
    first, *rest = [json.loads(line) for line in lines.splitlines()]
    assert first["bulletin"] == "1/2021" and first["edition"] == edition
    assert {"table": "channels", "key": "phone", "in_time": 0, "open": 7, "received": 7}.items() <= rest[-2].items()
    with province.centre.database.read() as db:
        assert db.value("SELECT count(*) FROM audit WHERE action = 'bulletin.fetched'") == 3


def test_every_table_of_a_bulletin_says_as_of_when(province: Staffed, boss: Browser) -> None:
    arrive(province)
    captions = [each.text for each in issued(boss).all("article")[0].all("caption")]
    assert len(captions) == 5 and all("05/12/2021" in text for text in captions)


def test_nobody_issues_a_bulletin_of_days_to_come(boss: Browser) -> None:
    assert "have not begun" in boss.get("/bulletins/new?kind=month&first=5/12/2030", 409).text


def test_bulletin_on_request_is_of_the_days_that_were_typed(province: Staffed, boss: Browser) -> None:
    arrive(province)
    page = boss.get("/bulletins/new?kind=free&first=1/12/2021&last=5/12/2021")
    assert "01/12/2021" in page.all("article")[0].text
    bad = boss.get("/bulletins/new?kind=free&first=5/12/2021&last=1/12/2021", 422)
    assert "before the first" in bad.error_of("last")


def test_auditor_reads_bulletins_and_issues_none(province: Staffed, boss: Browser) -> None:
    arrive(province)
    issued(boss)
    auditor = province.browser("auditor")
    assert "1/2021" in auditor.get("/bulletins").text
    assert not auditor.get(NEW).all("form", action="/bulletins/new")
