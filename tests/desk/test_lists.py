from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Flask

from intake_app.actions.add_to_report import inform_citizen
from intake_app.actions.step_report import step_report
from intake_app.clock import iso
from intake_app.node import Actor, Node
from tests.pages import Browser, Page

Record = Callable[..., bytes]


DAY_MS = 86_400_000


def views(page: Page) -> dict[str, str]:
    """The views beside each other, with the counts that stand there."""
    links = page.all("nav", class_="tabs")[0].all("a")
    return {each.text.split(" ")[0]: "".join(n.text for n in each.all("span", class_="number")) for each in links}


def routed(node: Node, officer: Actor, report: bytes, agency: str = "UBND-380", hours: int = 100) -> None:
    deadline = iso(node.clock.now_ms() + hours * 3_600_000)
    step_report(node, replace(officer, roles=frozenset({"dispatcher"})), report, "route", agency=agency, deadline=deadline)


def summaries(page: Page) -> list[str]:
    return (
        [cell.text for row in page.all("tbody")[0].all("tr") for cell in row.all("td", class_="wide")]
        if page.all("tbody")
        else []
    )


def test_empty_list_offers_the_first_report(lan: Browser) -> None:
    assert lan.get("/reports").link("Record the first report") == "/intake"


def test_newest_stands_first(lan: Browser, recorded: Record) -> None:
    recorded(summary="Cũ", received_at="2021-12-01T08:00:00+07:00")
    recorded(summary="Mới", received_at="2021-12-02T08:00:00+07:00")
    assert summaries(lan.get("/reports")) == ["Mới", "Cũ"]


def test_filters_narrow_and_say_when_nothing_is_left(lan: Browser, recorded: Record) -> None:
    recorded(summary="Một", unit="2021:14758", urgency="urgent")
    recorded(summary="Hai", unit="2021:16378", topic="suspected_case")
    assert summaries(lan.get("/reports?unit=2021:380")) == ["Một Urgent".replace("Urgent", "▲ Urgent")]
    assert summaries(lan.get("/reports?topic=suspected_case&show=waiting")) == ["Hai"]
    assert summaries(lan.get("/reports?status=received&channel=phone")) != []
    assert "No report fits" in lan.get("/reports?status=closed").text


def test_filter_that_does_not_fit_is_named_and_narrows_nothing(lan: Browser, recorded: Record) -> None:
    recorded(summary="Một")
    page = lan.get("/reports?unit=khongcoxanay&status=nonsense")
    assert "No such commune" in page.error_of("unit")
    assert summaries(page) == ["Một"]


def test_long_list_goes_on_page_by_page_and_keeps_its_filters(lan: Browser, recorded: Record) -> None:
    for number in range(53):
        recorded(summary=f"Số {number}")
    first = lan.get("/reports?urgency=normal")
    second = lan.get(first.link("Next page"))
    assert len(summaries(first)) == 50
    assert len(summaries(second)) == 3
    assert "urgency=normal" in second.link("Back to the start")


def test_key_that_nobody_made_starts_the_list_again(lan: Browser, recorded: Record) -> None:
    recorded(summary="Một")
    assert summaries(lan.get("/reports?after=x%27--")) == ["Một"]


def test_search_finds_with_and_without_accents(lan: Browser, recorded: Record) -> None:
    recorded(summary="Chợ Đông Thọ bán đắt")
    for words in ("cho dong tho", "Chợ Đông", "dat dong"):
        assert summaries(lan.get(f"/search?q={words}")) == ["Chợ Đông Thọ bán đắt"]


def test_search_finds_by_phone_and_name(lan: Browser, recorded: Record) -> None:
    recorded(name="Lê Thị Hoa", phone="0912 345 678")
    assert len(summaries(lan.get("/search?q=0912345678"))) == 1
    assert len(summaries(lan.get("/search?q=le thi hoa"))) == 1


def test_whole_code_opens_its_report(lan: Browser, recorded: Record) -> None:
    report = recorded()
    code = lan.get(f"/reports/{report.hex()}").title[:14]
    assert lan.leads(f"/search?q={code}") == f"/reports/{report.hex()}"


def test_nothing_found_says_what_to_try(lan: Browser) -> None:
    assert "Try fewer words" in lan.get("/search?q=\"x' OR 1").text


def test_units_are_found_while_typing(lan: Browser) -> None:
    found = lan.client.get("/units?q=dong+tho").json
    assert found[0]["code"] == "2021:14758"
    assert found[0]["note"] == "until 30/06/2025"


def test_what_is_late_and_what_soon_will_be_are_views(lan: Browser, recorded: Record, node: Node, officer: Actor) -> None:
    for summary, hours in (("Trễ", -1), ("Gấp", 20), ("Còn lâu", 200)):
        routed(node, officer, recorded(summary=summary), hours=hours)
    late = lan.get("/reports?show=overdue")
    assert summaries(late) == ["Trễ"]
    assert "overdue" in late.all("tbody")[0].text
    assert summaries(lan.get("/reports?show=soon")) == ["Gấp"]
    assert summaries(lan.get("/reports?sort=deadline")) == ["Trễ", "Gấp", "Còn lâu"]


def test_an_answered_report_is_not_late(lan: Browser, recorded: Record, node: Node, officer: Actor) -> None:
    report = recorded(summary="Đã trả lời")
    routed(node, officer, report, hours=-1)
    step_report(node, officer, report, "accept")
    step_report(node, officer, report, "answer", answer="Xong.", sources="Không")
    assert summaries(lan.get("/reports?show=overdue")) == []
    assert not lan.get("/reports").all("span", class_="by")


def test_what_is_routed_to_this_office_is_a_view(lan: Browser, recorded: Record, node: Node, officer: Actor) -> None:
    routed(node, officer, recorded(summary="Của ta"))
    routed(node, officer, recorded(summary="Của Sở Y tế"), agency="SYT")
    assert summaries(lan.get("/reports?show=here")) == ["Của ta"]


def test_views_say_how_many_wait_in_them(lan: Browser, recorded: Record) -> None:
    recorded(urgency="urgent")
    recorded()
    counts = views(lan.get("/reports"))
    assert counts["Urgent"] == "1"
    assert counts["Waiting"] == "2"
    assert counts["Overdue"] == ""


def test_who_is_to_be_called_is_a_view(lan: Browser, recorded: Record, node: Node, officer: Actor) -> None:
    report = recorded(summary="Gọi")
    step_report(node, officer, report, "answer", answer="Xong.", sources="Không")
    assert summaries(lan.get("/reports?show=calls")) == ["Gọi"]
    inform_citizen(node, officer, report, "phone")
    assert "Nobody waits for a call" in lan.get("/reports?show=calls").text


def test_a_range_of_days_has_both_its_ends(lan: Browser, recorded: Record) -> None:
    for day in ("01", "02", "03"):
        recorded(summary=day, received_at=f"2021-12-{day}T23:30:00+07:00")
    assert summaries(lan.get("/reports?first=02/12/2021&last=03/12/2021")) == ["03", "02"]
    assert summaries(lan.get("/reports?first=2/12&last=2/12")) == ["02"]
    assert "day" in lan.get("/reports?first=32/13").error_of("first").lower()


def test_filters_and_view_go_together_and_stand_in_the_address(lan: Browser, recorded: Record) -> None:
    recorded(summary="Khẩn ở xa", urgency="urgent", unit="2021:16378")
    recorded(summary="Khẩn ở đây", urgency="urgent")
    recorded(summary="Thường")
    page = lan.get("/reports?show=urgent&unit=2021:380&sort=oldest")
    assert summaries(page) == ["Khẩn ở đây ▲ Urgent"]
    assert page.values() | {"show": "urgent", "sort": "oldest"} == page.values()
    assert "unit=2021:380" in page.link("Recorded by me")


def test_every_empty_view_says_what_it_means(lan: Browser) -> None:
    for view in ("mine", "here", "overdue", "soon", "urgent", "calls", "conflicts", "waiting", "refused"):
        page = lan.get(f"/reports?show={view}")
        assert len(page.all("div", class_="empty")[0].text) > 20
        assert page.link("Show all reports") == "/reports"


def test_an_unknown_view_shows_everything(lan: Browser, recorded: Record) -> None:
    recorded(summary="Một")
    assert summaries(lan.get("/reports?show=nonsense&sort=nonsense")) == ["Một"]


def test_drafts_are_linked_where_there_is_a_page_of_them(lan: Browser, app: Flask) -> None:
    linked = [each for each in lan.get("/reports").all("a") if each.text == "Drafts"]
    assert bool(linked) == ("drafts.listed" in app.view_functions)
