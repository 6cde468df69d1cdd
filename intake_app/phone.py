"""Telephone numbers: E.164 for comparing and calling, as typed for reading back."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"0([35789]\d{8})")
_SEPARATORS = re.compile(r"[\s.\-()–/]+")
_SHORT = re.compile(r"\d{3,6}")


def to_e164(typed: str) -> str | None:
    """The number in E.164 (short numbers such as 113 as they are), or None if it cannot be one."""
    digits = _SEPARATORS.sub("", typed)
    if mobile := _MOBILE.fullmatch(digits):
        return "+84" + mobile[1]
    if _SHORT.fullmatch(digits):
        return digits
    import phonenumbers  # 18 ms and 5 MB that a machine which never meets a foreign number does not pay

    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def typed_form(phone: str) -> str:
    """How a number is written here when nobody typed it otherwise."""
    return "0" + phone[3:] if phone.startswith("+84") else phone
