"""The words of a page, for the test that proves them to quote: `page.says("…")`."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cached_property

import pytest

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.course.pages import LINK_TEXT, Page

COURSE = Course.read(ROOT)
SENTENCE = re.compile(r"(?<=[.:?!])\s+")


class Words:
    """What one page says, its front matter too."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def text(self) -> str:
        """All that it says, in one line."""
        return in_one_line(f"{self.page.head}\n{self.page.text}")

    def says(self, words: str) -> None:
        """Fail unless the page says exactly this, wherever its lines break and its links lead.

        words: a literal, so that it can be found from the page without running the test.
        """
        if in_one_line(words) not in self.text:
            nearest = get_close_matches(words, SENTENCE.split(self.text), n=1, cutoff=0)
            pytest.fail(
                f"docs/{self.page.source} does not say:\n  {words}\nnearest is:\n  {nearest[0]}"
            )


def in_one_line(markdown: str) -> str:
    """Reduce links to their text, and each break to a space; emphasis and code stay."""
    return " ".join(LINK_TEXT.sub(r"\1", markdown).split())


def page_at(path: str) -> Words:
    """Find a page by its path below docs/, as `glossary/triggerer.md`."""
    return Words(COURSE.pages[path])
