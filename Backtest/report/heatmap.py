"""heatmap.png: a figure by two numbers of a strategy, drawn with a library that backtesting.py's charts bring along."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from Backtest.errors import InputError, Issue

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

# viridis at nine even steps (matplotlib, CC0): even to the eye, and readable without colours.
SCALE: Final = (
    (68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142), (33, 144, 141),
    (39, 173, 129), (92, 200, 99), (170, 220, 50), (253, 231, 37),
)  # fmt: skip
UNDEFINED: Final = (222, 224, 228)
INK: Final = (20, 23, 31)
SIDE_PX: Final = 760
MARGIN_PX: Final = 90
LEGEND_PX: Final = 110
MOST_LABELS: Final = 12


def heatmap_png(heatmap: Mapping[str, Any], title: str, *, is_maximum: bool) -> bytes:
    """A PNG of `heatmap` (`x` and `y` with `name` and `values`, `rows` for each value of y, None where undefined).

    The best cell has a frame; undefined ones are grey. The first row is drawn at the bottom. Raises InputError where
    no cell has a value.
    """
    from PIL import Image, ImageDraw, ImageFont

    rows = heatmap["rows"]
    defined = [value for row in rows for value in row if value is not None]
    if not defined:
        message = "no combination has a value to draw"
        raise InputError(message, [Issue("--heatmap", message, "try other values, or another metric")])
    low, high = min(defined), max(defined)
    columns, lines = len(rows[0]), len(rows)
    size = (SIDE_PX + MARGIN_PX + LEGEND_PX, SIDE_PX + 2 * MARGIN_PX)
    image = Image.new("RGB", size, (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.font = ImageFont.load_default(15)
    best = max(defined) if is_maximum else min(defined)
    framed = None
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            box = _box(x, y, columns, lines)
            draw.rectangle(box, fill=UNDEFINED if value is None else _colour(value, low, high))
            framed = box if value == best and framed is None else framed
    if framed is not None:
        draw.rectangle(framed, outline=(214, 39, 40), width=3)
    draw.text((MARGIN_PX, MARGIN_PX // 2), title, fill=INK, anchor="lm", font_size=20)
    _axes(draw, heatmap, columns, lines)
    _legend(draw, low, high)
    file = io.BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()


def _box(x: int, y: int, columns: int, lines: int) -> tuple[float, float, float, float]:
    width, height = SIDE_PX / columns, SIDE_PX / lines
    left, bottom = MARGIN_PX + x * width, MARGIN_PX + SIDE_PX - y * height
    return left, bottom - height, left + width - 1, bottom - 1


def _colour(value: float, low: float, high: float) -> tuple[int, int, int]:
    share = (value - low) / (high - low) if high > low else 1.0
    place = share * (len(SCALE) - 1)
    step = min(int(place), len(SCALE) - 2)
    begin, end = SCALE[step], SCALE[step + 1]
    red, green, blue = (round(a + (b - a) * (place - step)) for a, b in zip(begin, end, strict=True))
    return red, green, blue


def _axes(draw: "ImageDraw", heatmap: Mapping[str, Any], columns: int, lines: int) -> None:
    bottom = MARGIN_PX + SIDE_PX
    for x, value in _labelled(heatmap["x"]["values"]):
        left, _, right, _ = _box(x, 0, columns, lines)
        draw.text(((left + right) / 2, bottom + 8), f"{value:g}", fill=INK, anchor="mt")
    for y, value in _labelled(heatmap["y"]["values"]):
        _, upper, _, lower = _box(0, y, columns, lines)
        draw.text((MARGIN_PX - 8, (upper + lower) / 2), f"{value:g}", fill=INK, anchor="rm")
    draw.text((MARGIN_PX + SIDE_PX / 2, bottom + 45), heatmap["x"]["name"], fill=INK, anchor="mm", font_size=17)
    draw.text((MARGIN_PX - 8, MARGIN_PX - 14), heatmap["y"]["name"], fill=INK, anchor="rm", font_size=17)


def _labelled(values: Sequence[float]) -> list[tuple[int, float]]:
    """Every so-manieth value with its place, so that labels don't run into each other."""
    each = -(-len(values) // MOST_LABELS)
    return [(place, values[place]) for place in range(0, len(values), each)]


def _legend(draw: "ImageDraw", low: float, high: float) -> None:
    left, height = MARGIN_PX + SIDE_PX + 20, SIDE_PX
    for pixel in range(height):
        y = MARGIN_PX + height - 1 - pixel
        draw.line([(left, y), (left + 18, y)], fill=_colour(low + (high - low) * pixel / (height - 1), low, high))
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        at = MARGIN_PX + (height - 1) * (1 - share)
        draw.text((left + 24, at), f"{low + (high - low) * share:.3g}", fill=INK, anchor="lm")
