"""A column of values fits only where each of them does: what is asked of many at once is as strict as of one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import limits
from sync.report import RECORDED

GOOD: dict[str, list[Any]] = {
    "channel": ["phone", "walk_in"],
    "topic": ["price_fraud"],
    "topic_version": [1, 3],
    "summary": ["Đèn đường hỏng", "x" * limits.SUMMARY_MAX],
    "details": ["một dòng", "hai\ndòng"],
    "unit": ["2021:14758"],
    "point": ["19.8072,105.7764"],
    "consent": [True, False],
    "occurred_at": ["2021-12-05T08:30:00+07:00"],
    "tracking_code": ["038040277158"],
    "answers": [{"shop": "chợ", "price": 3}],
}
BAD: list[Any] = [
    *(None, 1, True, 2.5, "", "x" * 6000, "hai\ndòng", "\x00", "\ud800", b"phone", [], {}, {"a": []}, "038040277158\n"),
    *("2021-02-30T08:30:00+07:00", "2021-12-05T08:30:00", "2021-12-05 08:30:00+07:00", "2021:14758\n2021:14759"),
]


@settings(max_examples=300)
@given(st.data())
def test_what_fits_as_a_column_fits_one_by_one(data: st.DataObject) -> None:
    fields = data.draw(st.lists(st.sampled_from(sorted(GOOD)), min_size=1, unique=True))
    row = st.fixed_dictionaries({}, optional={key: st.sampled_from(GOOD[key] * 9 + BAD) for key in fields})
    rows = data.draw(st.lists(row, min_size=1, max_size=4))
    alone = [limits.problems_of(one, RECORDED) for one in rows]
    assert limits.all_fit(rows, RECORDED) == (not any(alone))


@pytest.mark.parametrize("field", GOOD)
def test_one_bad_value_among_a_thousand_is_found(field: str) -> None:
    rows = [{field: GOOD[field][at % len(GOOD[field])]} for at in range(1000)]
    assert limits.all_fit(rows, RECORDED)
    for bad in BAD:
        rows[500] = {field: bad}
        assert limits.all_fit(rows, RECORDED) == (not limits.problems_of(rows[500], RECORDED))


def test_an_unknown_key_fits_nowhere() -> None:
    assert not limits.all_fit([{"summary": "x"}, {"colour": "đỏ"}], RECORDED)
