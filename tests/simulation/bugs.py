from __future__ import annotations

from contextlib import contextmanager

BUGS = {}


@contextmanager
def planted(name):
    yield
