"""Insert lines into `nav`, an index or a chapter, at their place; all that is there stays."""

from __future__ import annotations

import re

from tooling.course.lines import lines_of
from tooling.course.pages import Page

LINK_TO_LAB = re.compile(r"^- \[[^\]]+\]\([\w-]+\.ipynb\).*\n(?:  .*\n)*", re.M)


def insert(text: str, number: int, block: str) -> str:
    """Put a block below a line, the first being 1, with an empty line between them."""
    lines = text.splitlines()
    lines[number:number] = ["", *block.splitlines()]
    return "\n".join(lines) + "\n"


def nav_line(config: str, last: str, uri: str) -> str:
    """Put a page into `nav` of mkdocs.yml, below the last one of its section."""
    below = re.compile(rf"^( *- ){re.escape(last)}\b.*\n", re.M)
    return below.sub(lambda line: f"{line[0]}{line[1]}{uri}\n", config, count=1)


def item(index: str, line: str) -> str:
    """Put an item below the last one that leads to a lab, or at the end."""
    end = max((match.end() for match in LINK_TO_LAB.finditer(index)), default=len(index))
    return f"{index[:end]}{line}\n{index[end:]}"


def end_of_part(page: Page, part: str) -> int:
    """Return the line on which a part of a page ends; 0 if the page does not have it."""
    mine = (line for line in lines_of(page) if line.section == part)
    return max((line.number for line in mine if line.text.strip()), default=0)


def end_of_tab(page: Page, part: str, tab: str) -> int:
    """Return the line on which a tab of a part ends; 0 if the part does not have it."""
    end, inside = 0, False
    for line in lines_of(page):
        if line.section == part and line.text.strip():
            if not line.text.startswith("    "):
                inside = line.text == f'=== "{tab}"'
            end = line.number if inside else end
    return end
