"""Times and numbers as people of the province read them: 24 hours, day before month, local time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from forms.words import N_
from intake_app.clock import PROVINCE_ZONE

if TYPE_CHECKING:
    from intake_app.store.directory import Directory, Topic

ZONE_NAME = "Asia/Ho_Chi_Minh"
PHONE_TAIL_DIGITS = 3


def local_time(value: int | str) -> datetime:
    """An instant, given in milliseconds or as ISO text, on the province's clock."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(PROVINCE_ZONE)
    return datetime.fromtimestamp(value / 1000, UTC).astimezone(PROVINCE_ZONE)


def when(value: int | str | None) -> str:
    """Hour and day: 08:30 05/12/2021."""
    return local_time(value).strftime("%H:%M %d/%m/%Y") if value else ""


def day(value: int | str | None) -> str:
    """The day alone: 05/12/2021."""
    return local_time(value).strftime("%d/%m/%Y") if value else ""


def clock_time(value: int | None, now_ms: int) -> str:
    """The hour if it is of today, else the hour and the day without its year."""
    if not value:
        return ""
    moment = local_time(value)
    return moment.strftime("%H:%M" if moment.date() == local_time(now_ms).date() else "%H:%M %d/%m")


def masked(phone: str | None) -> str:
    """A phone number of which only the end is readable, as a receipt or a list shows it."""
    digits = "".join(char for char in phone or "" if char.isdigit())
    return "•" * (len(digits) - PHONE_TAIL_DIGITS) + digits[-PHONE_TAIL_DIGITS:] if digits else ""


def topic_label(topic: Topic, language: str, short: bool = False) -> str:
    """The name of a topic in a language."""
    if language == "en":
        return re.split("[;,(]", topic.name_en)[0] if short else topic.name_en
    return topic.short_name if short else topic.name


def structure_note(directory: Directory, code: str, translate: Callable[..., str]) -> str:
    """From or until when the structure of a unit is in force; the same name may stand in two of them."""
    structures = [structure for _, structure in directory.starts]
    at = structures.index(code.partition(":")[0])
    if at + 1 < len(structures):
        last = directory.starts[at + 1][0] - timedelta(days=1)
        return translate(N_("until %(day)s"), day=last.strftime("%d/%m/%Y"))
    return translate(N_("since %(day)s"), day=directory.starts[at][0].strftime("%d/%m/%Y"))
