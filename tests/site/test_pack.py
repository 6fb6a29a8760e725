"""The 3 a.m. pack opens from a disk, alone, and finds what somebody would type."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from selectolax.lexbor import LexborHTMLParser

from testbed.sandbox import ROOT
from tests.site.queries import QUERIES, SENTENCES, Query
from tests.site.test_accessibility import violations
from tooling.course.course import Course

PACK = Path(os.environ.get("SITE_DIR", "site")).resolve() / "3am-pack.html"


@pytest.fixture
def pack(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The pack copied to an empty folder, opened from there; it may ask for nothing."""
    copy = tmp_path / "pack.html"
    copy.write_bytes(PACK.read_bytes())
    page = browser.new_page(viewport={"width": 360, "height": 740})
    faults: list[str] = []
    page.on("request", lambda request: faults.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.goto(copy.as_uri())
    yield page
    page.close()
    assert faults == [copy.as_uri()]


def test_it_is_one_file_of_a_megabyte_at_most() -> None:
    text = PACK.read_text(encoding="utf-8")
    assert len(text.encode()) <= 1_000_000
    tree = LexborHTMLParser(text)
    assert not tree.css("link, img, [src]")


def test_it_holds_every_symptom_card_and_word() -> None:
    course = Course.read(ROOT)
    tree = LexborHTMLParser(PACK.read_text(encoding="utf-8"))
    wanted = {f"{page.kind}-{page.id}" for page in course.of_kind("symptom", "term")}
    wanted |= {f"card-{page.id.replace('/', '-')}" for page in course.chapters}
    assert {node.attributes["id"] for node in tree.css("details[id]")} >= wanted
    assert all(len(node.text()) > 60 for node in tree.css("details[id]"))


def test_its_links_lead_into_it_or_to_the_site() -> None:
    tree = LexborHTMLParser(PACK.read_text(encoding="utf-8"))
    ids = {node.attributes["id"] for node in tree.css("[id]")}
    hrefs = {node.attributes["href"] for node in tree.css("a[href]")}
    assert not [href for href in hrefs if href.startswith("#") and href[1:] not in ids]
    assert not [href for href in hrefs if not href.startswith(("#", "http://", "https://"))]


def test_readers_find_their_symptom(pack: Page) -> None:
    """Typed in their own words: nine of ten stand first, nineteen of twenty in the first three."""
    short = [query for query in QUERIES if query.kind not in SENTENCES]  # the pack has no floor
    asked = [(query, entries(query)) for query in short if entries(query)]
    places = [place(pack, query, wanted) for query, wanted in asked]
    assert len(places) > 60
    assert sum(at == 0 for at in places) >= 0.90 * len(places)
    assert sum(at < 3 for at in places) >= 0.95 * len(places)


def entries(query: Query) -> list[str]:
    """The symptoms that answer a query of the site's list."""
    return [f"symptom-{page.split('/')[1]}" for page in query.pages if page.startswith("diagnose/")]


def place(pack: Page, query: Query, wanted: list[str]) -> int:
    """Where the first of the wanted entries stands, from 0; far away if none is shown."""
    pack.get_by_role("searchbox").fill(query.text)
    shown = pack.evaluate(
        "[...document.querySelectorAll('details[data-words]:not([hidden])')]"
        ".sort((a, b) => a.style.order - b.style.order).map(entry => entry.id)"
    )
    return min((shown.index(one) for one in wanted if one in shown), default=len(shown))


def test_the_best_answer_is_drawn_first(pack: Page) -> None:
    pack.get_by_role("searchbox").fill("dashboard zero")
    expect(pack.get_by_role("status")).to_contain_text(" of ")
    tops = "all => all.map(one => [one.getBoundingClientRect().top, one.parentElement.id])"
    drawn = sorted(pack.locator("details:visible > summary").evaluate_all(tops))
    assert drawn[0][1] == "symptom-all-green-but-the-dashboard-is-zero"


def test_a_link_opens_its_entry(pack: Page) -> None:
    pack.get_by_role("searchbox").fill("dashboard zero")
    entry = pack.locator("#symptom-all-green-but-the-dashboard-is-zero")
    entry.locator("summary").click()
    entry.locator('a[href="#term-silent-success"]').first.click()
    expect(pack.locator("#term-silent-success p")).to_be_visible()


def test_a_link_within_an_entry_leads_to_its_section(pack: Page) -> None:
    entry = pack.locator("#safe-to-re-run")
    expect(entry.locator("summary")).not_to_contain_text("{")
    entry.locator("summary").click()
    entry.locator('a[href="#safe-to-re-run-backfill"]').click()
    expect(pack.locator("#safe-to-re-run-backfill")).to_be_in_viewport()


def test_it_is_printed_whole(pack: Page) -> None:
    pack.emulate_media(media="print")
    pack.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert pack.locator("details:not([open])").count() == 0
    assert pack.locator("form").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(pack: Page, scheme: str) -> None:
    pack.emulate_media(color_scheme=scheme)
    pack.evaluate(
        "document.querySelectorAll('#symptoms ~ details').forEach(one => one.open = true)"
    )
    assert violations(pack) == []
    assert pack.evaluate("document.documentElement.scrollWidth") <= 360
