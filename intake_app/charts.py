"""Charts as inline SVG, made on the server: values in, a drawing out. No script, no colour that says anything alone.

Each is an image with a title and a description; shades come with a pattern and every chart stands beside a table of its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 640
ROW = 24
LABEL = 215
NUMBER = 62
TREND_HEIGHT = 180
FOOT = 22
LEFT = 44
GAP_SHARE = 0.25
TICKS = 4
LABEL_LETTERS = 23
PATTERNS = {"c-late": "p-late", "c-overdue": "p-overdue"}  # defined once a page, by the macro `patterns`


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its parts in the order of the legend, and an address where it leads to."""

    name: str
    parts: tuple[int, ...]
    address: str = ""

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.parts)


def lying_bars(key: str, title: str, about: str, bars: Sequence[Bar], classes: Sequence[str]) -> Markup:
    """Bars from left to right, one under the other, each with its total in figures."""
    most = max([bar.total for bar in bars] + [1])
    room = WIDTH - LABEL - NUMBER
    pieces = []
    for at, bar in enumerate(bars):
        top, left = at * ROW, float(LABEL)
        pieces.append(_text(LABEL - 8, top + 16, _cut(bar.name), "end"))
        for part, look in zip(bar.parts, classes, strict=True):
            wide = room * part / most
            if part:
                pieces.append(_box(left, top + 4, max(wide, 0.8), ROW - 8, look))
            left += wide
        pieces.append(_text(left + 6, top + 16, grouped(bar.total), "start", "value"))
    return _drawing(key, title, about, WIDTH, max(ROW * len(bars), ROW), pieces)


def standing_bars(key: str, title: str, about: str, bars: Sequence[Bar], classes: Sequence[str]) -> Markup:
    """Bars over time, with a scale at the left and as many names below as there is room for."""
    top = _round_up(max([bar.total for bar in bars] + [1]))
    step = (WIDTH - LEFT) / max(len(bars), 1)
    pieces = [piece for at in range(TICKS + 1) for piece in _tick(top * at // TICKS, top)]
    every = max(1, -(-len(bars) * 62 // (WIDTH - LEFT)))
    for at, bar in enumerate(bars):
        left, foot = LEFT + at * step, float(TREND_HEIGHT)
        for part, look in zip(bar.parts, classes, strict=True):
            high = (TREND_HEIGHT - 8) * part / top
            if part:
                pieces.append(_box(left + step * GAP_SHARE / 2, foot - high, step * (1 - GAP_SHARE), high, look))
            foot -= high
        if at % every == 0:
            pieces.append(_text(left + step / 2, TREND_HEIGHT + 16, bar.name, "middle"))
    return _drawing(key, title, about, WIDTH, TREND_HEIGHT + FOOT, pieces)


def areas(
    key: str, title: str, about: str, outline: Mapping[str, object], shades: Mapping[str, int], names: Mapping[str, str]
) -> Markup:
    """A map: each area in the shade of its value, with its name and value where a pointer rests on it."""
    width, height, shapes = int(str(outline["width"])), int(str(outline["height"])), outline["areas"]
    assert isinstance(shapes, dict)
    pieces = [
        f'<path class="area q{shades.get(code, 0)}" d="{escape(path)}"><title>{escape(names.get(code, code))}</title></path>'
        for code, path in shapes.items()
    ]
    return _drawing(key, title, about, width, height, pieces, "map")


def _drawing(
    key: str, title: str, about: str, width: int, height: int, pieces: Sequence[str], look: str = "chart"
) -> Markup:
    return Markup(  # numbers and escaped words only
        f'<svg class="{look}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(about)}</desc>{"".join(pieces)}</svg>'
    )


def _tick(value: int, top: int) -> tuple[str, str]:
    y = TREND_HEIGHT - (TREND_HEIGHT - 8) * value / top
    line = f'<line class="grid-line" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line, _text(LEFT - 6, y + 4, grouped(value), "end")


def _box(x: float, y: float, width: float, height: float, look: str) -> str:
    # An address in a style sheet would be looked for beside that sheet, so the pattern is named here.
    pattern = f' fill="url(#{PATTERNS[look]})"' if look in PATTERNS else ""
    return f'<rect class="{look}"{pattern} x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _text(x: float, y: float, words: str, anchor: str, look: str = "") -> str:
    marked = f' class="{look}"' if look else ""
    return f'<text{marked} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _cut(words: str) -> str:
    return words if len(words) <= LABEL_LETTERS else f"{words[: LABEL_LETTERS - 1].rstrip()}…"


def grouped(value: int) -> str:
    """A number with a narrow space between its thousands."""
    return f"{value:,}".replace(",", "\u202f")


def _round_up(value: int) -> int:
    """The next number that a scale ends well at, and that TICKS divides."""
    size = 1
    while True:
        for step in (4, 8, 12, 20, 40, 60):
            if value <= step * size:
                return step * size
        size *= 10


def shades_of(values: Mapping[str, int], count: int = 5) -> tuple[dict[str, int], list[tuple[int, int]]]:
    """A shade from 1 on for each value above nought, as many values in each as can be, and from what to what each goes."""
    ordered = sorted(value for value in values.values() if value > 0)
    if not ordered:
        return {}, []
    bounds = sorted(
        {ordered[min(len(ordered) - 1, (at + 1) * len(ordered) // count)] for at in range(count - 1)} | {ordered[-1]}
    )
    shades = {
        code: next(at for at, bound in enumerate(bounds, 1) if value <= bound)
        for code, value in values.items()
        if value > 0
    }
    starts = [ordered[0], *(bound + 1 for bound in bounds[:-1])]
    return shades, list(zip(starts, bounds, strict=True))
