"""A page's text, line by line, with what a rule needs to know of each line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tooling.course.embeds import Embed
from tooling.course.pages import Page

HEADING = re.compile(r"^(#{1,6}) (.+?)(?:\s+\{\s*#([\w-]+)[^}]*\})?\s*$")
FENCE = re.compile(r"^ *(`{3,}|~{3,})\s*(.*)$")


@dataclass(frozen=True)
class Line:
    """One line of a page: where it is, and in what."""

    number: int  # in the file, from 1
    text: str
    section: str  # id of the second-level heading it stands under, or ""
    fence: str | None  # the opening fence's words (`python`, `text`) inside a fence, else None

    @property
    def is_fence(self) -> bool:
        """Whether the line looks as if it opened or closed a fence."""
        return self.text.lstrip().startswith(("```", "~~~"))

    @property
    def embed(self) -> Embed | None:
        """What the line embeds, if it does."""
        return Embed.parse(self.text)


def lines_of(page: Page) -> tuple[Line, ...]:
    """Return a page's lines; fences' own lines count as inside them."""
    return _lines(page.text, page.first_line)


def prose_of(page: Page) -> tuple[Line, ...]:
    """Return the lines outside fences and comments."""
    return _prose(page.text, page.first_line)


# Every rule asks for the lines of every page, and a check is run again at every save.
@lru_cache(maxsize=1000)
def _lines(text: str, first_line: int) -> tuple[Line, ...]:
    """Split a text into lines."""
    return tuple(_walk(text, first_line))


@lru_cache(maxsize=1000)
def _prose(text: str, first_line: int) -> tuple[Line, ...]:
    """Leave the fences and comments of a text out."""
    return tuple(_outside(_lines(text, first_line)))


def _walk(whole: str, first_line: int) -> Iterator[Line]:
    """Walk over a text's lines."""
    section, fence, mark = "", None, ""
    for number, text in enumerate(whole.split("\n"), first_line):
        match = FENCE.match(text)
        if match and fence is None:
            mark, fence = match[1], match[2].strip()
            yield Line(number, text, section, fence)
        elif match and fence is not None and match[1].startswith(mark) and not match[2]:
            yield Line(number, text, section, fence)
            fence = None
        else:
            heading = HEADING.match(text) if fence is None else None
            if heading and heading[1] == "##":
                section = heading[3] or slug(heading[2])
            yield Line(number, text, section, fence)


def _outside(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Walk over the lines outside fences and comments."""
    comment = False
    for line in lines:
        comment = comment or line.text.lstrip().startswith("<!--")
        if line.fence is None and not comment:
            yield line
        comment = comment and "-->" not in line.text


def slug(heading: str) -> str:
    """Write a heading's id the way Python-Markdown does."""
    words = re.sub(r"[^\w\s-]", "", re.sub(r"[`*]", "", heading)).strip().lower()
    return re.sub(r"[-\s]+", "-", words)


def ids_of(page: Page) -> list[tuple[int, str]]:
    """Return the ids that a page's headings make, with their lines."""
    found = ((line, HEADING.match(line.text)) for line in prose_of(page))
    return [(line.number, match[3] or slug(match[2])) for line, match in found if match]
