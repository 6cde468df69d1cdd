"""The code a citizen gets: twelve digits, 4 of the office, 7 random, 1 check digit (Damm)."""

from __future__ import annotations

from functools import lru_cache

from stdnum import damm

from sync.errors import BrokenPromise, Refused

DIGITS = 12
RANDOM_MAX = 10_000_000  # seven digits


def _one() -> list[list[int]]:
    """Where the check stands after one more digit, for each of the ten places where it stood before."""
    begins = sorted("0123456789", key=damm.checksum)  # the digit that leads to each place
    return [[damm.checksum(begin + digit) for digit in "0123456789"] for begin in begins]


def _three() -> list[list[int]]:
    """Where it stands after three more digits."""
    return [[third for first in steps for second in _ONE[first] for third in _ONE[second]] for steps in _ONE]


# A message carries a thousand codes of one office: three digits at a time takes an eighth of the time of one by one.
_ONE = _one()
_THREE = _three()


def make(office: str, number: int) -> str:
    """The code of an office's four digits and a random number below RANDOM_MAX."""
    if len(office) != 4 or not office.isdigit() or not 0 <= number < RANDOM_MAX:
        raise BrokenPromise(f"no tracking code of {office!r} and {number}")
    return f"{office}{number:07d}{check_digit(office_place(office), number)}"


@lru_cache(maxsize=64)
def office_place(office: str) -> int:
    """Where the check stands after the digits of an office."""
    return damm.checksum(office)


def check_digit(place: int, number: int) -> int:
    """The check digit of a code, from where the check stood after its office."""
    return _ONE[_THREE[_THREE[place][number // 10_000]][number // 10 % 1000]][number % 10]


def show(code: str) -> str:
    """The code in groups of four, as it is read over the telephone."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def parse(text: str) -> str:
    """The twelve digits of a typed code; raises Refused("bad_code") when it cannot be one."""
    code = "".join(char for char in text if char not in " .-–—\u00a0\t")
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()) or not damm.is_valid(code):
        raise Refused("bad_code", text=text[:40])
    return code
