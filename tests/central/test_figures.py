"""The dashboard says how many reports there are, since when it knows, and what it cannot know yet."""

from __future__ import annotations

import pytest

from intake_app.actions.tally_reports import tally_reports
from intake_app.central.silence import AMBER_HOURS
from intake_app.clock import iso
from intake_app.store.coverage import HOUR_MS, SILENT_HOURS
from tests.central.staff import OFFICE, Staffed
from tests.pages import Page


def cells(page: Page, caption: str) -> dict[str, list[str]]:
    """The lines of a table by their names."""
    table = page.all(id=f"{caption}-caption")[0].parent
    assert table is not None
    rows = table.all("tr")
    return {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in rows if row.all("td")}


def counted(province: Staffed, address: str = "/figures", who: str = "dispatch") -> Page:
    tally_reports(province.centre)
    return province.browser(who).get(address)


def test_dashboard_before_the_first_count_says_so(province: Staffed) -> None:
    page = province.browser("dispatch").get("/figures")
    assert "Being counted for the first time" in page.text
    assert "Nothing was received in these days" in page.text


def test_dashboard_counts_by_topic_channel_agency_and_place(province: Staffed) -> None:
    province.arrived(topic="price_fraud", unit="2021:14758")
    province.routed("SYT", topic="medical_advice", channel="walk_in")
    page = counted(province)
    assert cells(page, "channel") == {
        "Phone": ["1", "0", "0", "1", "0"],
        "At the counter": ["1", "0", "0", "1", "0"],
        "Together": ["2", "0", "0", "2", "0"],
    }
    assert cells(page, "agency")["Sở Y tế"] == ["1", "0", "0", "1", "0"]
    assert cells(page, "agency")["Not routed"] == ["1", "0", "0", "1", "0"]
    assert cells(page, "map")["Thành phố Thanh Hóa"] == ["2", "0", "0", "2", "0"]


def test_late_and_overdue_are_told_apart(province: Staffed) -> None:
    soon = iso(province.clock.at_ms + HOUR_MS)
    done, left = (province.arrived() for _ in range(2))
    for report in (done, left):
        province.take("dispatch", report, "route", agency="SYT", deadline=soon)
    province.take("health", done, "accept")
    province.clock.at_ms += 2 * HOUR_MS
    province.take("health", done, "answer", answer="Đã xong.")
    assert cells(counted(province), "agency")["Sở Y tế"] == ["2", "1", "1", "1", "1"]


def test_communes_of_today_are_shown_where_older_reports_lie_now(province: Staffed) -> None:
    province.arrived(unit="2021:14758")  # Phường Đông Thọ, most of which went to Phường Hạc Thành
    page = counted(province, "/figures?map=2025")
    assert cells(page, "map")["Phường Hạc Thành"][0] == "1"
    assert len(page.all("path", class_="area")) == 166


def test_every_table_says_as_of_when_and_what_has_not_arrived(province: Staffed) -> None:
    province.arrived()
    with province.centre.database.transaction() as db:
        db.run("UPDATE node SET unsent = unsent + 7 WHERE office = ?", OFFICE)  # what came with it is no longer missing
    province.clock.at_ms += (SILENT_HOURS + 1) * HOUR_MS
    page = counted(province)
    captions = [each.text for each in page.all("caption")]
    assert len(captions) == 6 and all("silent offices: 1; not arrived: about 7" in text for text in captions)


def test_figures_and_the_list_of_computers_call_the_same_offices_silent() -> None:
    assert SILENT_HOURS == AMBER_HOURS


@pytest.mark.parametrize(("days", "title"), [("7", "Received by day"), ("365", "Received by week")])
def test_trend_is_by_day_or_by_week(province: Staffed, days: str, title: str) -> None:
    province.arrived()
    page = counted(province, f"/figures?days={days}")
    assert page.all(id="trend-title")[0].text == title


def test_a_period_turned_round_is_told_beside_its_field(province: Staffed) -> None:
    page = counted(province, "/figures?first=5/12/2021&last=1/12/2021")
    assert "before the first" in page.error_of("last")


def test_who_sees_one_agency_only_sees_no_figures_of_all(province: Staffed) -> None:
    province.browser("health").get("/figures", 403)


def test_page_stays_light_with_its_largest_map(province: Staffed) -> None:
    province.arrived()
    assert len(counted(province, "/figures?map=2025").response.data) < 250_000
