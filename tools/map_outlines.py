"""Make the outlines of a map of intake_app/data from GeoJSON: paths of whole numbers, light enough for a page. For maintainers.

    python tools/map_outlines.py units.geojson STRUCTURE WIDTH OUT.json

Points are moved onto a grid, the same for all areas: neighbours go on sharing their borders, and there are no gaps.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path

Point = tuple[int, int]
SMALLEST = 3  # an island of fewer points is smaller than the pen


def rings_of(geometry: dict[str, object]) -> Iterable[list[list[float]]]:
    """Every ring of a polygon or of several."""
    found = geometry["coordinates"]
    assert isinstance(found, list)
    for polygon in found if geometry["type"] == "MultiPolygon" else [found]:
        yield from polygon


def on_grid(ring: list[list[float]], left: float, top: float, scale: float, squeeze: float) -> list[Point]:
    """A ring as points of the grid, without those that stay where the last one was or lie on a straight line."""
    points: list[Point] = []
    for x, y in ring:
        point = (round((x - left) * scale * squeeze), round((top - y) * scale))
        if not points or points[-1] != point:
            points.append(point)
    return [
        point
        for at, point in enumerate(points)
        if not 0 < at < len(points) - 1 or not _straight(points[at - 1], point, points[at + 1])
    ]


def _straight(before: Point, here: Point, after: Point) -> bool:
    return (here[0] - before[0]) * (after[1] - here[1]) == (here[1] - before[1]) * (after[0] - here[0])


def path_of(points: list[Point]) -> str:
    """A ring as an SVG path of relative steps."""
    steps = [f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in zip(points, points[1:-1], strict=False)]
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def main(source: str, structure: str, width: str, out: str) -> int:
    """Write the outlines."""
    features = json.loads(Path(source).read_text(encoding="utf-8"))["features"]
    every = [point for each in features for ring in rings_of(each["geometry"]) for point in ring]
    left, right = min(p[0] for p in every), max(p[0] for p in every)
    low, top = min(p[1] for p in every), max(p[1] for p in every)
    squeeze = math.cos(math.radians((low + top) / 2))
    scale = int(width) / ((right - left) * squeeze)
    areas = {}
    for each in sorted(features, key=lambda one: str(one["properties"]["code"])):
        rings = [on_grid(ring, left, top, scale, squeeze) for ring in rings_of(each["geometry"])]
        areas[f"{structure}:{each['properties']['code']}"] = "".join(
            path_of(one) for one in rings if len(one) > SMALLEST
        )
    made = {"width": int(width), "height": math.ceil((top - low) * scale), "areas": areas}
    Path(out).write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
