"""Plots for the documentation, drawn from the kept runs of `bench/runs` as SVG text."""

from __future__ import annotations

import json
import re
from pathlib import Path

RUNS = Path(__file__).resolve().parent / "runs"
WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 190, 30, 50
STYLE = 'font-family="sans-serif" font-size="12" role="img"'
# The vertical axis begins here: below it, no set is.
LEAST = 0.4
# Dark enough on white and told apart by dashes as well, for those who see colours alike.
LINES = (("#1b4f9c", ""), ("#a33b12", "7 4"), ("#2d6b2d", "2 3"), ("#5b3a8c", "9 3 2 3"))
AT = re.compile(r"selective_accuracy_at_(\d+)")


def selective_accuracy(folder: Path = RUNS) -> str:
    """Accuracy against coverage for each kept run of the task `verdict` in a folder, as SVG."""
    runs = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("verdict-*.json"))
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {STYLE}>',
        "<title>Accuracy of the likeliest label against the share of claims that get one</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_axes(),
    ]
    for run, (colour, dashes) in zip(runs, LINES, strict=False):
        points = sorted(
            (int(found[1]), score[0])
            for name, score in run["scores"].items()
            if (found := AT.fullmatch(name))
        )
        if points:
            parts += _line(run["data"].split(".")[0], points, colour=colour, dashes=dashes)
    return "\n".join([*parts, "</svg>", ""])


def _x(percent: float) -> float:
    return round(LEFT + percent / 100 * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - (share - LEAST) / (1 - LEAST) * (HEIGHT - TOP - BOTTOM), 1)


def _axes() -> list[str]:
    out = []
    for tenth in range(round(LEAST * 10), 11):
        y = _y(tenth / 10)
        out.append(f'<path d="M{_x(0)} {y}H{_x(100)}" stroke="#ddd"/>')
        out.append(f'<text x="{_x(0) - 8}" y="{y + 4}" text-anchor="end">{tenth / 10:.1f}</text>')
    for percent in (0, 25, 50, 75, 100):
        x = _x(percent)
        out.append(f'<text x="{x}" y="{_y(LEAST) + 18}" text-anchor="middle">{percent}%</text>')
    out.append(
        f'<text x="{_x(50)}" y="{HEIGHT - 10}" text-anchor="middle">'
        "share of claims that get a label, surest first</text>"
    )
    out.append(f'<text x="{_x(0)}" y="18">share of those labels that is right</text>')
    return out


def _line(name: str, points: list[tuple[int, float]], *, colour: str, dashes: str) -> list[str]:
    path = "L".join(f"{_x(percent)} {_y(max(share, LEAST))}" for percent, share in points)
    last = points[-1]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return [
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>',
        *(
            f'<circle cx="{_x(p)}" cy="{_y(max(s, LEAST))}" r="3" fill="{colour}"/>'
            for p, s in points
        ),
        f'<text x="{_x(100) + 8}" y="{_y(max(last[1], LEAST)) + 4}" fill="{colour}">{name}</text>',
    ]
