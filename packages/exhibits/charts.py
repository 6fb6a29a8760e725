"""Two charts: bars for a few figures, lines for a law. Each is one SVG, read at 360 pixels too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from .tables import Table

WIDTH = 400  # of the drawing; the page scales it
LETTER = 14  # height of a letter
ROW = 40  # a bar with its name above it
EDGE = 8


def number(value: float) -> str:
    """Write 4500 as 4 500."""
    return f"{value:,.10g}".replace(",", " ")


@dataclass(frozen=True, repr=False)
class Bars:
    """One bar for each named figure and, if one is right, a line where the right one ends."""

    title: str
    figures: Mapping[str, float]
    unit: str
    right: float | None = None

    def __repr__(self) -> str:
        rows = [(name, self._figure(value)) for name, value in self.figures.items()]
        return str(Table((self.title, ""), rows))

    def _repr_html_(self) -> str:
        """Draw the bars, each with its name and its figure."""
        scale = (WIDTH - 2 * EDGE) / max(self.right or 0, *self.figures.values())
        foot = len(self.figures) * ROW
        parts = [
            part
            for place, (name, value) in enumerate(self.figures.items())
            for part in self._bar(place * ROW, name, value, scale)
        ]
        says = "; ".join(f"{name}: {self._figure(value)}" for name, value in self.figures.items())
        if self.right is not None:
            line = EDGE + self.right * scale
            parts.append(f'<path class="chart-right" d="M{line:g} 0V{foot}"/>')
            parts.append(_text(line, foot + LETTER, f"right: {self._figure(self.right)}", "end"))
            says += f". Right would be {self._figure(self.right)}"
        return _svg(self.title, f"{says}.", foot + 2 * LETTER, parts)

    def _figure(self, value: float) -> str:
        return f"EUR {number(value)}" if self.unit == "EUR" else f"{number(value)} {self.unit}"

    def _bar(self, top: float, name: str, value: float, scale: float) -> Iterator[str]:
        """A name, its figure at the end of the line, and below both the bar."""
        kind = {None: "plain", value: "good"}.get(self.right, "bad")
        yield _text(EDGE, top + LETTER, name)
        yield _text(WIDTH - EDGE, top + LETTER, self._figure(value), "end")
        yield (
            f'<rect class="chart-bar chart-{kind}" x="{EDGE}" y="{top + LETTER + 6}"'
            f' width="{max(value * scale, 1):g}" height="10"/>'
        )


@dataclass(frozen=True, repr=False)
class Lines:
    """One line for each named series of figures over the same steps."""

    title: str
    across: str  # what the steps are
    up: str  # what the figures are
    steps: Sequence[int]
    series: Mapping[str, Sequence[float]]

    def __repr__(self) -> str:
        figures = [map(number, line) for line in self.series.values()]
        return str(Table((self.across, *self.series), list(zip(self.steps, *figures, strict=True))))

    def _repr_html_(self) -> str:
        """Draw the lines, each named at its end."""
        height, right, foot = 260, 312, 220
        most = max(max(line) for line in self.series.values())
        parts = [_text(EDGE, LETTER, self.up), _text(right, height - 6, self.across, "end")]
        parts.append(f'<path class="chart-axis" d="M{EDGE} {foot}H{right}"/>')
        xs = [EDGE + (right - 2 * EDGE) * n / (len(self.steps) - 1) for n in range(len(self.steps))]
        for x, step in zip(xs, self.steps, strict=True):
            parts.append(_text(x, foot + LETTER + 4, str(step), "middle"))
        for name, line in self.series.items():
            ys = [foot - (foot - 2 * LETTER) * value / most for value in line]
            parts += _line(xs, ys, name)
        ends = "; ".join(
            f"{name}: from {number(line[0])} to {number(line[-1])}"
            for name, line in self.series.items()
        )
        says = f"{self.up} by {self.across}, {self.steps[0]} to {self.steps[-1]}. {ends}."
        return _svg(self.title, says, height, parts)


def _line(xs: Sequence[float], ys: Sequence[float], name: str) -> Iterator[str]:
    """A line with a dot at every step, since there is nothing in between."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    yield f'<polyline class="chart-line" points="{points}"/>'
    for x, y in zip(xs, ys, strict=True):
        yield f'<circle class="chart-dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>'
    yield _text(xs[-1] + 8, ys[-1] + 5, name)


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(title: str, says: str, height: int, parts: Sequence[str]) -> str:
    """A named and described drawing whose colours are those of the text around it."""
    name = re.sub(r"\W+", "-", title.lower()).strip("-")
    return "\n".join(
        [
            f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img"'
            f' aria-labelledby="{name}-title" aria-describedby="{name}-desc"'
            f' font-size="{LETTER}" fill="currentColor" xmlns="http://www.w3.org/2000/svg">',
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-desc">{escape(says)}</desc>',
            *parts,
            "</svg>",
        ]
    )
