"""Which backups may go: of the scheduled ones, all but one a day for some days and one a week for some weeks. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake_app.store.backups import Kept, pair_of

DAY_MS = 24 * 3600 * 1000
WEEK_MS = 7 * DAY_MS
NEWEST_KEPT = 2


def removable(found: Sequence[Kept], now_ms: int, days: int, weeks: int) -> list[Kept]:
    """Those that the rules keep no longer. `found` is newest first; what a person made by hand is never among them."""
    verified = [one for one in found if one.verified_ms is not None]
    keep = {one.no for one in [*found[:1], *verified[:NEWEST_KEPT], *(pair_of(found) or ())]}
    keep |= _newest_of_each(verified, DAY_MS, now_ms - days * DAY_MS)
    keep |= _newest_of_each(verified, WEEK_MS, now_ms - weeks * WEEK_MS)
    return [one for one in found if one.scheduled and one.no not in keep]


def _newest_of_each(verified: Sequence[Kept], span_ms: int, from_ms: int) -> set[int]:
    newest: dict[int, int] = {}
    for one in verified:
        if one.made_ms > from_ms:
            newest.setdefault(one.made_ms // span_ms, one.no)
    return set(newest.values())
