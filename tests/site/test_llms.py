"""What programs read of the built site is what its readers see."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from testbed.sandbox import ROOT
from tests.site.test_reading import site
from tooling.course.course import Course
from tooling.course.pages import Page
from tooling.site.llms import shelves

PAGES = [page for pages in shelves(Course.read(ROOT)).values() for page in pages]
DELIMITERS = re.compile(r"^ *\|( --- \|)+$", re.M)
FENCES = re.compile(r"^ *```", re.M)


def article_of(page: Page) -> LexborNode:
    built = (site() / page.url / "index.html").read_text(encoding="utf-8")
    article = LexborHTMLParser(built).css_first("article")
    for form in article.css(".names"):  # asks for the reader's own, and says nothing
        form.decompose()
    return article


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The part of llms-full.txt that each page has, by its address."""
    text = (site() / "llms-full.txt").read_text(encoding="utf-8")
    urls = "|".join(re.escape(page.url) for page in PAGES)
    _, *parts = re.split(rf"^<({urls})>$", text, flags=re.M)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_each_page_is_there_in_order(texts: dict[str, str]) -> None:
    assert list(texts) == [page.url for page in PAGES]


def test_no_page_loses_a_table_or_a_fence(texts: dict[str, str]) -> None:
    for page in PAGES:
        article, text = article_of(page), texts[page.url]
        assert len(DELIMITERS.findall(text)) == len(article.css("table")), page.url
        assert len(FENCES.findall(text)) == 2 * len(article.css("pre")), page.url


def test_no_page_loses_a_word(texts: dict[str, str]) -> None:
    for page in PAGES:
        words = set(re.findall(r"\w+", texts[page.url]))
        for block in article_of(page).css("p:not(.page-foot), li, td, th, pre, summary, dd"):
            assert not set(re.findall(r"\w+", block.text(separator=" "))) - words, page.url
