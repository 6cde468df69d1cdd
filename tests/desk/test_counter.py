from __future__ import annotations

from intake_app.node import Actor, Node
from intake_app.store.idle_calls import by_day
from tests.desk.conftest import PASSWORD, DeskClock, signed_in
from tests.hired import hire
from tests.pages import Browser, Page


def counted(node: Node) -> dict[str, int]:
    with node.database.read() as db:
        return {kind: number for _, _, kind, number in by_day(db, "2021-01-01", "2021-12-31")}


def key_of(page: Page) -> dict[str, str]:
    hidden = page.all("section", id="counter")[0].all("form")[0].all("input")
    return {str(each.attributes["name"]): str(each.attributes["value"]) for each in hidden}


def press(lan: Browser, address: str, page: Page | None = None, **typed: str) -> Page:
    return lan.send(page or lan.get("/intake"), key_of(page or lan.get("/intake")) | typed, to=address)


def bar(page: Page) -> str:
    return page.all("section", id="counter")[0].text


def test_call_without_a_case_is_counted_with_one_press(lan: Browser, node: Node) -> None:
    page = press(lan, "/counter/calls", kind="silent")
    assert counted(node) == {"silent": 1}
    assert page.path == "/intake" and "Counted: Nobody spoke" in bar(page)


def test_button_pressed_twice_counts_once(lan: Browser, node: Node) -> None:
    page = lan.get("/intake")
    for _ in range(2):
        press(lan, "/counter/calls", page, kind="nuisance")
    assert counted(node) == {"nuisance": 1}


def test_count_is_taken_back_within_a_minute_and_not_later(lan: Browser, node: Node, clock: DeskClock) -> None:
    press(lan, "/counter/calls", kind="wrong_number")
    press(lan, "/counter/calls/1/undo")
    assert counted(node) == {}
    press(lan, "/counter/calls", kind="wrong_number")
    clock.pass_minutes(2)
    assert "more than a minute ago" in press(lan, "/counter/calls/2/undo").text
    assert counted(node) == {"wrong_number": 1}
    assert "Undo" not in bar(lan.get("/intake"))


def test_nobody_takes_back_what_a_colleague_counted(lan: Browser, node: Node, officer: Actor) -> None:
    press(lan, "/counter/calls", kind="silent")
    hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD)
    minh = signed_in(lan, "minh")
    press(minh, "/counter/calls/1/undo")
    assert counted(node) == {"silent": 1}


def test_page_of_counts_tells_day_person_and_kind(lan: Browser) -> None:
    press(lan, "/counter/calls", kind="information")
    row = lan.get("/counter/calls").all("tbody")[0].text
    assert row == "05/12/2021 Trần Thị Lan 0 0 0 1 1"
    assert "No call" in lan.get("/counter/calls?first=1/11/2021&last=2/11/2021").text


def test_counts_are_saved_as_a_table(lan: Browser) -> None:
    press(lan, "/counter/calls", kind="nuisance")
    answer = lan.client.get("/counter/calls.csv")
    assert answer.data.decode("utf-8-sig").splitlines()[1] == "2021-12-05,Trần Thị Lan,Nuisance,1"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_script_gets_the_bar_alone(lan: Browser) -> None:
    page = lan.get("/intake")
    answer = lan.client.post("/counter/calls", data=key_of(page) | {"kind": "silent"}, headers={"X-Part": "counter"})
    assert answer.text.lstrip().startswith("<section") and "Counted" in answer.text


def test_person_waits_is_called_and_is_done(lan: Browser) -> None:
    page = press(lan, "/counter/line", words="áo xanh, giấy đất")
    assert "Waiting: 1" in bar(page) and "Call 1 áo xanh, giấy đất" in bar(page)
    assert "With you: 1" in bar(press(lan, "/counter/line/1/call"))
    assert "With you" not in bar(press(lan, "/counter/line/1/done"))


def test_person_called_by_a_colleague_is_not_called_again(lan: Browser, node: Node, officer: Actor) -> None:
    press(lan, "/counter/line", words="")
    press(lan, "/counter/line/1/call")
    hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD)
    page = press(signed_in(lan, "minh"), "/counter/line/1/call")
    assert "Nobody waits under this number" in page.text and "1: Trần Thị Lan" in bar(page)


def test_line_of_yesterday_is_forgotten_and_numbers_begin_again(lan: Browser, node: Node, clock: DeskClock) -> None:
    press(lan, "/counter/line", words="hôm qua")
    clock.pass_minutes(24 * 60)
    lan.sign_in("lan", PASSWORD)
    page = press(lan, "/counter/line", words="hôm nay")
    assert "1 hôm nay" in bar(page) and "hôm qua" not in bar(page)
    with node.database.read() as db:
        assert db.value("SELECT count(*) FROM waiting_person") == 1


def test_page_of_the_counter_leads_everywhere(lan: Browser) -> None:
    for link in lan.get("/counter").all("ul", class_="tiles")[0].all("a"):
        lan.get(str(link.attributes["href"]))
