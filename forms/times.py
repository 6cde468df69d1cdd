"""Times as people of the province type them, read leniently: 8h30, 08:30 5/12, 5/12/2021 or an ISO text. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

SHAPE = "%H:%M %d/%m/%Y"
DAY_SHAPE = "%d/%m/%Y"
_HOUR = re.compile(r"(?<![\d/.-])(\d{1,2})\s*(?::|h|giờ|g)\s*(\d{1,2})?(?::\d{2})?(?![\d/])", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?!\d)")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_time(text: str, now: datetime) -> datetime | None:
    """The instant meant, in the zone of `now`: without a day today, without an hour midnight; None if unreadable."""
    text = unicodedata.normalize("NFC", text)  # some keyboards send the letter and its accents apart
    if _ISO_DAY.match(text):
        return _iso(text, now)
    hour, on = _HOUR.search(text), parse_day(_HOUR.sub(" ", text), now.date())
    rest = _DAY.sub(" ", _HOUR.sub(" ", text)).strip(" ,-")
    if rest or (hour is None and on is None):
        return None
    try:
        moment = time(int(hour[1]), int(hour[2] or 0)) if hour else time()
        return datetime.combine(on or now.date(), moment, now.tzinfo)
    except ValueError:
        return None


def parse_day(text: str, today: date) -> date | None:
    """The day meant; without a year it is the last such day that has come."""
    if _ISO_DAY.fullmatch(text.strip()):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            return None
    found = _DAY.search(text)
    if not found:
        return None
    year = int(found[3]) if found[3] else today.year
    try:
        meant = date(year + 2000 if year < 100 else year, int(found[2]), int(found[1]))
        return meant if found[3] or meant <= today else meant.replace(year=year - 1)
    except ValueError:
        return None


def _iso(text: str, now: datetime) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.astimezone(now.tzinfo) if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
