"""What can go wrong, and whether trying again helps.

IntakeError            a code and its parameters; the words stand in forms/refusals
├── InvalidFields      typed values that do not fit, by field
├── Refused            understood, but not allowed or not possible now
├── NoNetwork          nobody answered: nothing has changed, trying again helps
├── NoDatabase         the database does not answer or cannot: nothing has changed, trying again helps
│   └── Contended      it broke a transaction off for another's sake: trying again at once helps
├── BadMessage         somebody answered something that is not the protocol: nothing has changed
└── Unwelcome          central answered in the protocol that it will not talk (revoked, unknown node)
BrokenPromise          our own bug: an invariant does not hold
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Problem(NamedTuple):
    """Why one value does not fit, as a code and the parameters of its sentence."""

    code: str
    params: Mapping[str, object] = {}


class IntakeError(Exception):
    """A refusal that a person is told in words."""

    heals = False

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class InvalidFields(IntakeError):
    """One or more fields do not fit; nothing was stored."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__("invalid_fields", fields=sorted(problems))
        self.problems = dict(problems)


class Refused(IntakeError):
    """Understood, but not allowed, not there or not possible now."""


class NoNetwork(IntakeError):
    """Nobody answered. The state is as before and another try may succeed."""

    heals = True


class NoDatabase(IntakeError):
    """The server that keeps the data does not answer, or cannot do it now. Nothing has changed."""

    heals = True


class Contended(NoDatabase):
    """Two transactions stood in each other's way and the database broke this one off."""


class BadMessage(IntakeError):
    """What arrived is not a whole, signed message of the protocol; it changes nothing."""

    heals = True


class Unwelcome(IntakeError):
    """Central answered, signed, that it does not take part: a person has to act."""


class BrokenPromise(AssertionError):
    """An invariant does not hold: our bug, stored and shown, never swallowed."""
