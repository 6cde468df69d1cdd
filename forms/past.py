"""What happened to a computer's data, in one clear sentence or two: it was restored, copied, moved, or the centre was."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext

from forms.words import N_

SHOWN_MS = 30 * 24 * 3600 * 1000  # after it was made good
MISSING = N_("%(missing)s entries that were saved later are not in it.")
_COPY = N_(
    "The data of this computer is an older copy. Everything in it is kept. What is missing is fetched from the centre;"
    " %(again)s entries are sent again."
)
_COPY_DONE = N_(
    "The data of this computer was an older copy. %(fetched)s reports were fetched from the centre and %(again)s entries"
    " sent again. Nothing more is to be done."
)
_MOVED = N_("The data of this computer was moved to another machine. Nothing is missing.")
_CENTRE = N_("The centre was restored. %(again)s entries of this computer are sent to it again.")
_GAP = N_(
    "Entries that were not sent yet are gone from this computer. %(again)s others are sent; tell the administrator."
)
_SENTENCES = {  # reason → while it lasts, afterwards
    "rolled_back": (_COPY, _COPY_DONE),
    "fork": (_COPY, _COPY_DONE),
    "machine_changed": (_MOVED, _MOVED),
    "new_epoch": (_CENTRE, _CENTRE),
    "gap": (_GAP, _GAP),
}


def past(
    reason: str, *, again: int, fetched: int, missing: int | None, done: bool, translate: Callable[[str], str] = gettext
) -> str:
    """The sentence for why the present life of a database began; nothing for its first life."""
    if reason not in _SENTENCES:
        return ""
    said = translate(_SENTENCES[reason][done]) % {"again": again, "fetched": fetched}
    return f"{said} {translate(MISSING) % {'missing': missing}}" if missing and not done else said
