from __future__ import annotations

from collections.abc import Callable

from tests.pages import Browser, Page

Record = Callable[..., bytes]


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
