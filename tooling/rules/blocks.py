"""A page's prose in blocks, with its code taken out: what Markdown may take for markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tooling.course.lines import Line, lines_of
from tooling.course.pages import Page

CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)


@dataclass(frozen=True)
class Block:
    """Lines of prose without a blank line between them."""

    lines: tuple[Line, ...]

    @cached_property
    def text(self) -> str:
        """The lines as they are."""
        return "\n".join(line.text for line in self.lines)

    @cached_property
    def words(self) -> str:
        """The text with blanks for what is in code."""
        return without_code(self.text)

    @cached_property
    def markup(self) -> str:
        """The text with blanks for what is certainly code: here look where markup may begin.

        What has begun is read in `text`, since code within a tag is no code to a browser. Where
        a code span runs over the end of a line, which backticks belong together depends on how
        the block is split up, so nothing of such a block is certain.
        """
        lines = [without_code(line.text) for line in self.lines]
        return self.text if any("`" in line for line in lines) else "\n".join(lines)

    def line_at(self, offset: int) -> Line:
        """Return the line that a place in the text stands on."""
        return self.lines[self.text.count("\n", 0, offset)]


def without_code(text: str) -> str:
    """Blank the code spans of a text; every other character stays where it is."""
    return CODE.sub(blanked, text) if "`" in text else text


def blanked(match: re.Match[str]) -> str:
    """Return blanks of a match's length, on as many lines."""
    return re.sub(r"[^\n]", " ", match[0])


def blocks_of(page: Page) -> tuple[Block, ...]:
    """Return the blocks of a page outside its fences."""
    return _blocks(page.text, page.first_line, lines_of(page))


@lru_cache(maxsize=1000)
def _blocks(text: str, first_line: int, lines: tuple[Line, ...]) -> tuple[Block, ...]:
    """Split lines where one is blank or in a fence."""
    return tuple(_split(lines))


def _split(lines: tuple[Line, ...]) -> Iterator[Block]:
    """Walk over the blocks of some lines."""
    block: list[Line] = []
    for line in lines:
        if line.fence is None and line.text.strip():
            block.append(line)
        elif block:
            yield Block(tuple(block))
            block = []
    if block:
        yield Block(tuple(block))
