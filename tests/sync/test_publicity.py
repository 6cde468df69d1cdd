"""Whether a report is public, waits to be or was taken back follows from its state, and so does since when."""

from __future__ import annotations

from typing import Any

import pytest

from sync.publicity import released_last, stage_of

ANSWERED: dict[str, Any] = {
    "status": "answered", "publish_consent": True, "answer": {"text": "Xong", "at": 7}, "history": [{"step": "approve"}],
}  # fmt: skip
RELEASED = {"kind": "report.publicity_set", "at": 8, "set": {"publicity": {"public": True, "title": "Cống tràn"}}}
TAKEN_BACK = {"kind": "report.publicity_set", "at": 9, "set": {"publicity": {"public": False, "reason": "Nhầm"}}}


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({}, ("waiting", 7)),
        ({"status": "closed"}, ("waiting", 7)),
        ({"publish_consent": False}, (None, None)),
        ({"status": "reopened"}, (None, None)),
        ({"status": "closed", "history": [{"step": "close"}]}, (None, None)),  # answered on the spot
        ({"publicity": {"public": True}, "history": [RELEASED, {"step": "close"}]}, ("public", 8)),
        ({"publicity": {"public": False}, "history": [RELEASED, TAKEN_BACK]}, ("withdrawn", 9)),
    ],
)
def test_a_report_waits_is_public_or_was_taken_back(
    changes: dict[str, Any], stage: tuple[str | None, int | None]
) -> None:
    assert stage_of(ANSWERED | changes) == stage


def test_what_was_taken_back_is_told_in_the_words_that_were_read() -> None:
    assert released_last({"history": [RELEASED, TAKEN_BACK]})["title"] == "Cống tràn"
    assert released_last({"history": [TAKEN_BACK]}) == {}
