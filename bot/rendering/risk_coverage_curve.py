"""The risk-coverage curve as a picture: SVG, written by hand, for light and dark pages alike."""

from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 20, 52  # margins
_GREY = "#7a7f87"  # readable on white and on black
# Colours of middling lightness that the colour-blind can distinguish (after Okabe and Ito); the
# dashes distinguish the curves without colour.
_INKS = (
    ("#1f83d6", ""),
    ("#d8632b", "7 4"),
    ("#1c9a74", "2 3"),
    ("#bb6aa6", "10 3 2 3"),
    ("#a98a12", "4 2"),
)


def curve_svg(curves: Mapping[str, Sequence[Sequence[float]]]) -> str:
    """An SVG picture of named curves of (coverage, risk) points, both in [0, 1]; the axis of risk
    ends just above the greatest."""
    most = max((risk for curve in curves.values() for _, risk in curve), default=0.0)
    top = next((each for each in (0.1, 0.2, 0.4, 0.6, 0.8) if most <= each + 1e-9), 1.0)
    step = top / 4
    x0, x1, y0, y1 = _LEFT, _WIDTH - _RIGHT, _HEIGHT - _BOTTOM, _TOP

    def at(coverage: float, risk: float) -> str:
        return f"{x0 + (x1 - x0) * coverage:.1f},{y0 - (y0 - y1) * risk / top:.1f}"

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="sans-serif" font-size="13" fill="{_GREY}">',
        "<title>Risk against coverage</title>",
    ]
    for number in range(5):
        across, up = at(0, step * number).split(",")
        lines += [
            f'<path d="M{across},{up}H{x1}" stroke="{_GREY}" '
            f'stroke-opacity="{1 if number == 0 else 0.3}"/>',
            f'<text x="{x0 - 8}" y="{float(up) + 4:.1f}" text-anchor="end">'
            f"{100 * step * number:g} %</text>",
            f'<text x="{at(number / 4, 0).split(",")[0]}" y="{y0 + 20}" '
            f'text-anchor="middle">{25 * number} %</text>',
        ]
    lines += [
        f'<text x="{(x0 + x1) / 2}" y="{_HEIGHT - 10}" text-anchor="middle">'
        "coverage: the surest part of the questions</text>",
        f'<text x="16" y="{(y0 + y1) / 2}" text-anchor="middle" '
        f'transform="rotate(-90 16 {(y0 + y1) / 2})">'
        "risk: first passage does not answer</text>",
    ]
    for number, (name, curve) in enumerate(curves.items()):
        colour, dashes = _INKS[number % len(_INKS)]
        ink = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes or "none"}"'
        y = y1 + 8 + 20 * number
        lines += [
            f'<polyline fill="none" {ink} points="{" ".join(at(*point) for point in curve)}"/>',
            f'<path d="M{x0 + 16},{y}h28" {ink}/>',
            f'<text x="{x0 + 52}" y="{y + 4}">{escape(name)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])
