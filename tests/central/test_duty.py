"""The page for the leader on duty says in one look what is urgent, overdue, given back twice, and what agencies owe."""

from __future__ import annotations

from tests.central.staff import Staffed


def test_each_list_holds_what_belongs_there_as_of_now(province: Staffed) -> None:
    province.arrived(summary="Cần xe cấp cứu", urgency="urgent")
    late = province.arrived(summary="Đèn đường hỏng")
    province.take("dispatch", late, "route", agency="SXD", deadline="2021-12-01T17:00:00+07:00")
    thrown = province.arrived(summary="Không ai nhận")
    for _ in range(2):
        province.take("dispatch", thrown, "route", agency="SYT")
        province.take("health", thrown, "return", reason="Nhầm")
    page = province.browser("dispatch").get("/dispatch/duty")
    found = {part.all("h2")[0].text.rpartition(" ")[0]: part.text for part in page.all("section", class_="duty")}
    assert "Cần xe cấp cứu" in found["Urgent, open"] and "not seen yet" in found["Urgent, open"]
    assert "Đèn đường hỏng" in found["Overdue"] and "Không ai nhận" in found["Returned twice"]
    assert "Sở Xây dựng 1 1 1" in page.text and "As of" in page.text


def test_a_quiet_night_is_said_in_words(province: Staffed) -> None:
    text = province.browser("auditor").get("/dispatch/duty").text
    for said in ("No urgent report is open.", "Nothing is overdue.", "Nothing was given back twice.", "No agency owes"):
        assert said in text


def test_people_of_one_agency_do_not_see_the_whole_province(province: Staffed) -> None:
    province.browser("health").get("/dispatch/duty", 403)
