"""How long a page takes to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tooling.course.lines import Line, lines_of
from tooling.course.pages import Page, plain

WORDS_A_MINUTE = 200
CODE_LINES_A_MINUTE = 15
MINUTES_A_FIGURE = 20 / 60
NOISE = re.compile(r"<[^>]+>|\{[^}]*\}|^\s*[|:\- ]+$|[|#>*]|\?{3}\+?|===")
TAB = re.compile(r'^=== "')
# For those who want more than the chapter; of a guess, what few of its readers open.
FOLDED = re.compile(r"( *)\?{3} (?:tool|tested) |( +)\?{3} wrong ")


def reading_minutes(page: Page, root: Path) -> float:
    """Return the minutes for a page; of a set of tabs, the longest, as a reader has one tool."""
    total, tabs = 0.0, []
    for line in unfolded(page):
        if TAB.match(line.text):
            tabs.append(0.0)
        elif tabs and line.text and not line.text.startswith("    "):
            total, tabs = total + max(tabs), []
        if tabs:
            tabs[-1] += line_minutes(line, root)
        else:
            total += line_minutes(line, root)
    return total + max(tabs, default=0.0)


def unfolded(page: Page) -> Iterator[Line]:
    """Walk over the lines outside of the folded notes."""
    indent: int | None = None  # of the note around this line
    for line in lines_of(page):
        inside = line.text.startswith(" " * (indent + 1)) if indent is not None else False
        if line.text and not inside:
            match = FOLDED.match(line.text) if line.fence is None else None
            indent = len(match[1] or match[2] or "") if match else None
        if indent is None:
            yield line


def line_minutes(line: Line, root: Path) -> float:
    """Return the minutes for one line: prose, code (what it embeds too) or a figure."""
    embed = line.embed
    if (embed and embed.path.endswith(".svg")) or line.text.lstrip().startswith("!["):
        return MINUTES_A_FIGURE
    if line.fence in ("simulator", "picture", "exercise", "screen"):
        return MINUTES_A_FIGURE if embed else 0.0
    if embed:
        shown = len(embed.lines(root)) / (2 if line.fence == "diff" else 1)  # before, after: once
        return shown / CODE_LINES_A_MINUTE
    if line.fence is not None:
        return (not line.is_fence) / CODE_LINES_A_MINUTE
    return len(plain(NOISE.sub(" ", line.text)).split()) / WORDS_A_MINUTE
