"""Rotation: some days, some weeks, always the two newest verified, never what a person made."""

from __future__ import annotations

from intake_app.rotation import DAY_MS, removable
from intake_app.store.backups import Kept

NOW = 1_700_000_000_000


def made(days_ago: list[float], *, verified: bool = True, scheduled: bool = True) -> list[Kept]:
    times = [NOW - round(days * DAY_MS) for days in days_ago]
    return [Kept(100 - at, f"{at}", ms, ms if verified else None, scheduled, False) for at, ms in enumerate(times)]


def test_one_a_day_and_one_a_week_stay() -> None:
    found = made([at / 4 for at in range(4 * 40)])
    gone = removable(found, NOW, days=7, weeks=4)
    kept = [one for one in found if one not in gone]
    assert 7 + 3 <= len(kept) <= 7 + 6


def test_the_two_newest_verified_stay_however_old() -> None:
    found = made([400, 401, 402])
    assert [one.no for one in removable(found, NOW, 7, 4)] == [found[2].no]


def test_what_a_person_made_stays() -> None:
    assert removable(made([400, 401, 402], scheduled=False), NOW, 7, 4) == []


def test_what_is_not_verified_never_pushes_out_what_is() -> None:
    bad = [one._replace(no=one.no + 500) for one in made([0.1, 0.2, 0.3], verified=False)]
    good = made([30, 31])
    assert [one.no for one in removable([*bad, *good], NOW, 7, 0)] == [one.no for one in bad[1:]]
