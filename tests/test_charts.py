"""Charts are drawings that say in words what they show, and hold nothing that somebody typed as markup."""

from __future__ import annotations

from intake_app.charts import Bar, areas, lying_bars, shades_of, standing_bars

LOOKS = ("c-in-time", "c-late", "c-open", "c-overdue")
BAD = Bar("<script>&", (1, 2, 3, 4))


def test_charts_have_a_title_and_a_description() -> None:
    for drawn in (lying_bars("k", "T", "D", [BAD], LOOKS), standing_bars("k", "T", "D", [BAD], LOOKS)):
        assert 'role="img" aria-labelledby="k-t k-d"' in drawn
        assert '<title id="k-t">T</title><desc id="k-d">D</desc>' in drawn


def test_names_are_never_markup() -> None:
    assert "<script>" not in lying_bars("k", "<b>", "<i>", [BAD], LOOKS) + standing_bars("k", "T", "D", [BAD], LOOKS)


def test_what_is_late_has_a_pattern_and_not_a_colour_alone() -> None:
    assert "url(#p-late)" in lying_bars("k", "T", "D", [BAD], LOOKS)
    assert "url(#p-overdue)" in standing_bars("k", "T", "D", [BAD], LOOKS)


def test_empty_charts_are_drawn_too() -> None:
    assert "<svg" in lying_bars("k", "T", "D", [], LOOKS) and "<svg" in standing_bars("k", "T", "D", [], LOOKS)


def test_every_area_is_on_the_map_with_its_value_in_words() -> None:
    outline = {"width": 10, "height": 10, "areas": {"a": "M0 0l1 1z", "b": "M2 2l1 1z"}}
    drawn = areas("map", "T", "D", outline, {"a": 3}, {"a": "A: 7", "b": "B: 0"})
    assert 'class="area q3"' in drawn and 'class="area q0"' in drawn and "<title>A: 7</title>" in drawn


def test_shades_share_the_areas_out_and_say_their_bounds() -> None:
    shades, bounds = shades_of({code: at for at, code in enumerate("abcdefghijk")})
    assert "a" not in shades and shades["b"] == 1 and shades["k"] == 5
    assert bounds[0][0] == 1 and bounds[-1][1] == 10
    assert all(low <= high for low, high in bounds)
    assert shades_of({"a": 0}) == ({}, [])
    assert shades_of({"a": 4, "b": 4}) == ({"a": 1, "b": 1}, [(4, 4)])
