"""What the forms of everything that the centre publishes have in common: publishing an edition, and retiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request

from forms.fields import KitForm
from forms.library import RetireForm
from forms.refusals import attach, sentence
from sync.errors import InvalidFields, Refused

PREVIEW = "preview"

Content = Mapping[str, Any]


def published(
    form: KitForm, exists: bool, check: Callable[[Content], object], publish: Callable[[Content, int], bytes]
) -> bytes | None:
    """Publish what was typed, or put beside the fields, all at once, what does not fit; a preview is only looked at.

    `publish` gets the edition that was shown when the form was opened; 0 for something new.
    """
    fits = form.validate()
    try:
        check(form.content())
        if not fits or request.form.get("action") == PREVIEW:
            return None
        return publish(form.content(), _seen_edition() if exists else 0)
    except InvalidFields as invalid:
        attach(form, invalid)
    except Refused as refused:
        form.form_errors.append(sentence(refused.code, refused.params))
    return None


def _seen_edition() -> int:
    """After a refusal the form carries the present one."""
    text = request.form.get("edition", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def retired(form: RetireForm, retire: Callable[[str], None]) -> bool:
    """Retire with the reason that was typed; whether that was done."""
    if not form.validate_on_submit():
        return False
    try:
        retire(form.reason.data)
    except InvalidFields as invalid:
        attach(form, invalid)
        return False
    return True
