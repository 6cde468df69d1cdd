"""The gate of the centre: however many nodes call, pages answer, and nobody is kept out for ever."""

from __future__ import annotations

import io
from typing import Any

import pytest

from intake_app.api.gate import BEHIND_SECONDS, BEHIND_SEGMENTS, DOOR, HANG_UP, RETRY_SECONDS_MAX, Backlog, Gate


class Ours:
    """An application that is slow to finish: an answer is over when it is closed."""

    def __init__(self) -> None:
        self.served = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.served += 1
        if environ.get("breaks"):
            raise ValueError("broken")
        start_response("200 OK", [])
        return [b"said"]


class Body(io.BytesIO):
    """A body that knows how much of it was read."""

    def __init__(self, length: int) -> None:
        super().__init__(b"x" * length)
        self.length = length


class Street:
    """People and nodes in front of a gate with a clock that stands."""

    def __init__(self, **limits: int) -> None:
        self.ours, self.now, self.behind = Ours(), 0.0, Backlog(0, 0.0)
        self.gate = Gate(self.ours, lambda: self.behind, lambda: self.now, **limits)
        self.status, self.headers = "", {}  # type: tuple[str, dict[str, str]]
        self.hung_up = False

    def call(self, path: str = DOOR, body: Body | None = None, **more: Any) -> Any:
        body, self.hung_up = body or Body(10), False
        environ = {"PATH_INFO": path, "CONTENT_LENGTH": str(body.length), "wsgi.input": body, HANG_UP: self._hang_up}

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            self.status, self.headers = status, dict(headers)

        return self.gate(environ | more, start_response)

    def _hang_up(self) -> None:
        self.hung_up = True


def test_so_many_are_let_in_and_the_others_told_when_to_come() -> None:
    street = Street(inside_max=2)
    inside = [street.call(), street.call()]
    assert list(street.call()) == [b"busy"] and street.status.startswith("503") and street.ours.served == 2
    assert 1 <= int(street.headers["Retry-After"]) <= RETRY_SECONDS_MAX
    inside[0].close()
    street.call()
    assert street.ours.served == 3


def test_pages_pass_however_many_nodes_call() -> None:
    street = Street(inside_max=0)
    street.call()
    assert list(street.call("/")) == [b"said"]


def test_each_that_is_turned_away_gets_a_place_after_the_one_before() -> None:
    street = Street(inside_max=0)
    places = []
    for _ in range(587):
        street.call()
        places.append(int(street.headers["Retry-After"]))
    assert places == sorted(places) and places[0] == 1 and 10 < places[-1] <= 30
    street.now += 3600
    street.call()
    assert street.headers["Retry-After"] == "1"


def test_no_place_is_further_away_than_two_minutes() -> None:
    street = Street(inside_max=0)
    for _ in range(10_000):
        street.call()
    assert street.headers["Retry-After"] == str(RETRY_SECONDS_MAX)


def test_body_of_who_is_turned_away_is_read_only_after_the_decision_and_thrown_away() -> None:
    street, body = Street(inside_max=0), Body(200_000)
    street.call(body=body)
    assert body.tell() == 200_000 and not street.hung_up and "Connection" not in street.headers


@pytest.mark.parametrize(("polite", "length"), [(0, 100), (4, 10**6)])
def test_body_that_would_take_too_long_is_not_read_and_the_connection_ends(polite: int, length: int) -> None:
    street, body = Street(inside_max=0, polite_max=polite), Body(length)
    street.call(body=body)
    assert body.tell() == 0 and street.hung_up and street.headers["Connection"] == "close"


@pytest.mark.parametrize("behind", [Backlog(BEHIND_SEGMENTS + 1, 0.0), Backlog(1, BEHIND_SECONDS + 1)])
def test_centre_that_is_behind_lets_few_in_but_never_nobody(behind: Backlog) -> None:
    street = Street()
    street.behind = behind
    inside = [street.call() for _ in range(20)]
    assert street.ours.served == 3
    street.behind, street.now = Backlog(0, 0.0), 2.0
    inside.append(street.call())
    assert street.ours.served == 4


def test_who_breaks_inside_leaves_a_free_place() -> None:
    street = Street(inside_max=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            street.call(breaks=True)
    street.call()
    assert street.status.startswith("200")


@pytest.mark.parametrize("length", ["", "-5", "many"])
def test_length_that_is_none_is_not_believed(length: str) -> None:
    street, body = Street(inside_max=0), Body(10)
    street.call(body=body, CONTENT_LENGTH=length)
    assert street.status.startswith("503") and (length == "" or street.hung_up)
