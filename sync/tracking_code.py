"""The code a citizen gets: twelve digits, 4 of the office, 7 random, 1 check digit (Damm)."""

from __future__ import annotations

from stdnum import damm

from sync.errors import BrokenPromise, Refused

DIGITS = 12
RANDOM_MAX = 10_000_000  # seven digits


def make(office: str, number: int) -> str:
    """The code of an office's four digits and a random number below RANDOM_MAX."""
    if len(office) != 4 or not office.isdigit() or not 0 <= number < RANDOM_MAX:
        raise BrokenPromise(f"no tracking code of {office!r} and {number}")
    body = f"{office}{number:07d}"
    return body + damm.calc_check_digit(body)


def show(code: str) -> str:
    """The code in groups of four, as it is read over the telephone."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def parse(text: str) -> str:
    """The twelve digits of a typed code; raises Refused("bad_code") when it cannot be one."""
    code = "".join(char for char in text if char not in " .-–—\u00a0\t")
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()) or not damm.is_valid(code):
        raise Refused("bad_code", text=text[:40])
    return code
