"""The fences that a page does not show as they are: what is drawn in their place, or below them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from itertools import takewhile

from testbed.sandbox import ROOT
from tooling.course.embeds import Embed
from tooling.course.pages import Page
from tooling.site import components

PRINTED = ".out"  # the recording of a program
FENCE = re.compile(r"^( *)(`{3,}|~{3,})")
DRAWN = re.compile(r"^( *)```(\w+)$")
KEPT = re.compile(r"^( *)course-html-(\d+)$")


def keep(html: str, kept: list[str]) -> str:
    """Keep HTML for later, and return the line that stands for it."""
    kept.append(html)
    return f"course-html-{len(kept) - 1}"


def with_drawn_fences(page: Page, lines: list[str], kept: list[str]) -> Iterator[str]:
    """Write in the place of each fence that is drawn what it stands for, as far indented."""
    at = 0
    while at < len(lines):
        match = DRAWN.match(lines[at])
        inner = list(takewhile(lambda row: row.strip() != "```", lines[at + 1 :])) if match else []
        embed = Embed.parse(inner[0].strip()) if inner else None
        if match and embed and match[2] in KINDS:
            rows = KINDS[match[2]](page, embed, [row.strip() for row in inner[1:]], kept)
            yield from (match[1] + row for row in rows)
            at += len(inner) + 2
        else:
            yield lines[at]
            at += 1


def simulator(page: Page, embed: Embed, _: list[str], kept: list[str]) -> Iterator[str]:
    """Draw the first frame of a simulator."""
    drawing, foot = components.simulator(page, embed.path.removesuffix(".json"))
    yield from (keep(drawing, kept), "", *foot.split("\n"))


def picture(_: Page, embed: Embed, caption: list[str], kept: list[str]) -> Iterator[str]:
    """Draw a still picture, above its caption."""
    drawing, foot = components.picture(embed.path, " ".join(caption))
    yield from (keep(drawing, kept), "", *foot.split("\n"))


def screen(page: Page, embed: Embed, rows: list[str], kept: list[str]) -> Iterator[str]:
    """Show a picture of a tool's UI with numbers on it, above what each of them marks."""
    shows, *marks = rows
    picture, below = components.screen(page, embed, shows, [row.partition(": ") for row in marks])
    yield from ('<div class="screen" markdown="1">', "", keep(picture, kept), "")
    yield from (*below.split("\n"), "", "</div>")


def exercise(_: Page, embed: Embed, __: list[str], kept: list[str]) -> Iterator[str]:
    """Write what an exercise gives, its buttons, its hints and its solution."""
    given, buttons, folds = components.exercise(embed.path)
    yield from (*given.split("\n"), "")
    yield from (keep(buttons, kept), "") if buttons else ()
    yield from folds.split("\n")


def diff(_: Page, before: Embed, rest: list[str], __: list[str]) -> Iterator[str]:
    """Compare what two embeds bring in, as `diff` does, without its head."""
    after = Embed.parse(rest[0]) if rest else None
    old, new = (embed.text(ROOT).split("\n") if embed else [] for embed in (before, after))
    changes = list(difflib.unified_diff(old, new, lineterm="", n=len(old)))[3:]
    yield from ("```diff", *changes, "```")


Draw = Callable[[Page, Embed, list[str], list[str]], Iterator[str]]
KINDS: dict[str, Draw] = {
    "simulator": simulator,
    "picture": picture,
    "screen": screen,
    "exercise": exercise,
    "diff": diff,
}


def with_snippet_feet(lines: list[str], kept: list[str]) -> Iterator[str]:
    """Add below each fence that embeds a recording: which program printed it, and how to run it."""
    recording, fence = "", ""
    for line in lines:
        yield line
        if embed := Embed.parse(line):
            recording = embed.path if embed.path.endswith(PRINTED) else recording
        elif match := FENCE.match(line):
            fence = "" if fence else match[2]
            if not fence and recording:
                indent, snippet = match[1], recording.removesuffix(PRINTED) + ".py"
                yield ""
                yield from (indent + row for row in components.snippet_foot(snippet).split("\n"))
                if bar := components.run_bar(snippet):
                    yield from ("", indent + keep(bar, kept))
                recording = ""
