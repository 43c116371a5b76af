"""Plots of a report as SVG inside the page: no script, no colour that judges, numbers beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10

from onrecord.archive_numbers import Estimate
from onrecord.archive_pages import NOT_STATED
from onrecord.show.markup import escaped
from onrecord.show.visible import brief

__all__ = ["axis", "bar", "circles", "dot", "panel", "shown", "top_of"]

WIDTH = 320  # of a row, in units that scale with the page
_PAD = 8
_ROW = 22
PANEL = (220, 112)
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 8, 8, 18
_APART = 26  # from the months to what has none


def shown(found: Estimate, *, is_mean: bool) -> str:
    """A value with its interval in words: `62% (55 to 68)`, `4.1 (3.2 to 5.0)`."""
    if found.value is None:
        return "–"
    value = _number(found.value, is_mean=is_mean)
    if found.low is None or found.high is None:
        return value
    low, high = (_number(one, is_mean=is_mean).removesuffix("%") for one in (found.low, found.high))
    return f"{value} ({low} to {high})"


def top_of(values: Sequence[Estimate], *, is_mean: bool) -> float:
    """Where the axis ends: 1 for shares, for means a round number above all of them."""
    if not is_mean:
        return 1.0
    most = max((one.high or one.value or 0.0 for one in values), default=0.0)
    if most <= 0:
        return 1.0
    step = 10.0 ** floor(log10(most))
    return next(step * factor for factor in (1, 2, 5, 10) if step * factor >= most)


def axis(top: float, *, is_mean: bool) -> str:
    """The scale over a column of rows."""
    parts = []
    for at in range(3):
        x = _x(at / 2)
        anchor = ("start", "middle", "end")[at]
        label = _tick(top * at / 2, is_mean=is_mean)
        parts.append(
            f'<text x="{x + (-4, 0, 4)[at]:g}" y="13" text-anchor="{anchor}">{label}</text>'
        )
    return f'<svg class="axis" viewBox="0 0 {WIDTH} 18" aria-hidden="true">{"".join(parts)}</svg>'


def dot(found: Estimate, *, top: float, is_mean: bool) -> str:
    """A row: a dot on a scale with its interval; hollow where there is no interval."""
    middle = _ROW / 2
    lines = "".join(f"M{_x(at / 4):g} 0V{_ROW}" for at in range(5))
    parts = [f'<path class="grid" d="{lines}"/>']
    if found.value is not None:
        if found.low is not None and found.high is not None:
            parts.append(
                f'<path class="range" d="M{_x(found.low / top):.1f} {middle:g}'
                f'H{_x(found.high / top):.1f}"/>'
            )
        css = "hollow" if found.low is None else "value"
        parts.append(
            f'<circle class="{css}" cx="{_x(found.value / top):.1f}" cy="{middle:g}" r="4.5"/>'
        )
    label = escaped(shown(found, is_mean=is_mean))
    return (
        f'<svg class="dot" viewBox="0 0 {WIDTH} {_ROW}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def bar(found: Estimate) -> str:
    """A small bar for a share in a table of many; the interval is a line on it."""
    if found.value is None:
        return ""
    width = 100 * found.value
    line = ""
    if found.low is not None and found.high is not None:
        line = f'<path class="range" d="M{100 * found.low:.1f} 5H{100 * found.high:.1f}"/>'
    return (
        '<svg class="bar" viewBox="0 0 100 10" aria-hidden="true" preserveAspectRatio="none">'
        '<rect class="whole" width="100" height="10"/>'
        f'<rect class="part" width="{width:.1f}" height="10"/>{line}</svg>'
    )


def panel(
    name: str, points: Mapping[str, Estimate], *, columns: Sequence[str], top: float, is_mean: bool
) -> str:
    """A small plot over months with dots and intervals; pages without a month stand apart."""
    width, height = PANEL
    dated = [one for one in columns if one != NOT_STATED]
    has_apart = NOT_STATED in columns
    right = width - _RIGHT - (_APART if has_apart else 0)
    step = (right - _LEFT) / max(1, len(dated))
    place = {one: _LEFT + step * (at + 0.5) for at, one in enumerate(dated)}
    place[NOT_STATED] = width - _RIGHT - 6
    grid = "".join(f"M{_LEFT} {_y(at / 2, height):g}H{right:g}" for at in range(3))
    parts = [f'<path class="grid" d="{grid}"/>']
    for at in (0, 2):
        label = _tick(top * at / 2, is_mean=is_mean)
        y = _y(at / 2, height) + 4
        parts.append(f'<text x="{_LEFT - 4}" y="{y:g}" text-anchor="end">{label}</text>')
    told = []
    for column, found in points.items():
        if found.value is None:
            continue
        x, y = place[column], _y(found.value / top, height)
        if found.low is not None and found.high is not None:
            low, high = _y(min(found.low / top, 1), height), _y(min(found.high / top, 1), height)
            parts.append(f'<path class="range" d="M{x:.1f} {low:.1f}V{high:.1f}"/>')
        css = "hollow" if found.low is None else "value"
        parts.append(f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
        told.append(f"{column}: {shown(found, is_mean=is_mean)}")
    parts += _months(dated, place, height)
    if has_apart:
        parts.append(
            f'<text x="{place[NOT_STATED]:g}" y="{height - 4}" text-anchor="middle">?</text>'
        )
    label = escaped(f"{brief(name, 80)}. {'; '.join(told) or 'nothing to count'}")
    return (
        f'<figure><figcaption dir="auto">{escaped(brief(name, 60))}</figcaption>'
        f'<svg class="panel" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg></figure>"
    )


def circles(names: Sequence[str], counts: Mapping[tuple[int, int], int]) -> str:
    """A triangle of outlets against outlets; the area of a circle is the number of page pairs."""
    cell, left, head = 26, 190, 130
    size = cell * len(names)
    most = max(counts.values(), default=1)
    parts = []
    for at, name in enumerate(names):
        y, x = head + cell * at + cell / 2, left + cell * at + cell / 2
        label = escaped(brief(name, 26))
        parts.append(
            f'<path class="grid" d="M{left} {y:g}H{left + size}M{x:g} {head}V{head + size}"/>'
        )
        parts.append(f'<text x="{left - 8}" y="{y + 4:g}" text-anchor="end">{label}</text>')
        parts.append(
            f'<text transform="translate({x + 4:g} {head - 8}) rotate(-45)">{label}</text>'
        )
    for (first, second), n in sorted(counts.items()):
        radius = max(2.5, (cell / 2 - 1) * (n / most) ** 0.5)
        words = escaped(f"{brief(names[first], 60)} and {brief(names[second], 60)}: {n}")
        for x, y in ((first, second), (second, first)):
            parts.append(
                f'<circle class="value" cx="{left + cell * x + cell / 2:g}" '
                f'cy="{head + cell * y + cell / 2:g}" r="{radius:.1f}"><title>{words}</title></circle>'
            )
    width, height = left + size + 90, head + size + 6
    return (
        f'<svg class="circles" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="Pairs of outlets; the numbers stand in the table">{"".join(parts)}</svg>'
    )


def _months(dated: Sequence[str], place: Mapping[str, float], height: int) -> list[str]:
    """The names of the first and the last month below a panel; all where there are few."""
    if not dated:
        return []
    y = height - 4
    ends = dated if len(dated) <= 2 else (dated[0], dated[-1])
    anchors = ("middle",) if len(ends) == 1 else ("start", "end")
    parts = []
    for one, anchor in zip(ends, anchors, strict=False):
        x = _LEFT if anchor == "start" else place[one] + 8 if anchor == "end" else place[one]
        parts.append(
            f'<text x="{x:.0f}" y="{y}" text-anchor="{anchor}">{escaped(_short(one))}</text>'
        )
    return parts


def _short(month: str) -> str:
    return month.replace("before ", "<")


def _x(share: float) -> float:
    return _PAD + min(1.0, share) * (WIDTH - 2 * _PAD)


def _y(share: float, height: int) -> float:
    return height - _BOTTOM - min(1.0, share) * (height - _TOP - _BOTTOM)


def _number(value: float, *, is_mean: bool) -> str:
    if not is_mean:
        percent = 100 * value
        is_near_end = 0 < percent < 9.95 or 99.05 < percent < 99.95
        return f"{percent:.1f}%" if is_near_end else f"{percent:.0f}%"
    if value and value < 0.1:
        return f"{value:.2g}"
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def _tick(value: float, *, is_mean: bool) -> str:
    return f"{value:,g}" if is_mean else f"{100 * value:g}%"
