"""A lab's page shows its recording, drawn for both palettes, and nothing of the viewer's own."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from testbed.sandbox import ROOT
from tests.site.test_reading import site
from tooling.course.course import Course

LABS = Course.read(ROOT).of_kind("lab")
lab_pages = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.title)


def outputs(lab: object) -> list[dict]:
    """What the cells of a recorded notebook show."""
    notebook = json.loads((ROOT / "docs" / lab.uri).read_text(encoding="utf-8"))
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


@lab_pages
def test_outputs_are_shown(page: Page, site_url: str, lab: object) -> None:
    page.goto(site_url + lab.url)
    printed = ["".join(one["text"]) for one in outputs(lab) if one["output_type"] == "stream"]
    assert page.locator(".language-text code").all_text_contents() == printed
    html = ["".join(one["data"]["text/html"]) for one in outputs(lab) if "data" in one]
    charts, tables = page.locator("article svg.chart"), page.locator("article table")
    assert (charts.count(), tables.count()) == (
        sum("<svg" in one for one in html),
        sum("<table" in one for one in html),
    )
    assert charts.count() and tables.count()


@lab_pages
@pytest.mark.parametrize("width", [360, 1440])
def test_charts_are_drawn_and_named(page: Page, site_url: str, lab: object, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site_url + lab.url)
    for chart in page.locator("svg.chart").all():
        name = chart.locator("title").text_content()
        assert page.get_by_role("img", name=name, exact=True).count() == 1
        box = chart.bounding_box()
        assert 250 < box["width"] <= width and box["height"] > 100
        letters = chart.locator("text").first.evaluate(
            "text => parseFloat(getComputedStyle(text).fontSize) * text.getCTM().a"
        )
        assert letters >= 11


def test_charts_follow_the_palette(browser: Browser, site_url: str) -> None:
    colours = set()
    for scheme, palette in (("light", "default"), ("dark", "slate")):
        page = browser.new_page(color_scheme=scheme)  # with no palette kept from before
        page.goto(site_url + LABS[0].url)
        body = page.locator("body")
        expect(body).to_have_attribute("data-md-color-scheme", palette, timeout=20_000)
        for part in (".chart-bad", ".chart-good", ".chart text"):
            fill = "part => getComputedStyle(part).fill"
            colours.add(page.locator(part).first.evaluate(fill))
        page.close()
    assert len(colours) == 6


@lab_pages
def test_a_lab_leads_to_its_program(page: Page, site_url: str, lab: object) -> None:
    page.goto(site_url + lab.url)
    link = page.locator(".facts a")
    assert f"python3 noxfile.py run docs/{lab.source}" in page.locator(".facts").text_content()
    program = page.request.get(f"{page.url}{link.get_attribute('href')}")
    assert program.body() == (ROOT / "docs" / lab.source).read_bytes()


@lab_pages
def test_nothing_of_the_notebook_viewer_is_left(lab: object) -> None:
    article = (site() / lab.url / "index.html").read_text(encoding="utf-8")
    article = article.partition("<article")[2].partition("</article>")[0]
    for unwanted in ("<style", "<script", " style=", "jp-", "clipboard-copy", "http://1", ".md"):
        assert unwanted not in article, unwanted


@lab_pages
def test_a_mention_of_a_term_has_its_preview(page: Page, site_url: str, lab: object) -> None:
    page.goto(site_url + lab.url)
    term = page.locator("article a.term").first
    assert term.get_attribute("data-definition")
    term.click()
    assert "/glossary/" in page.url


def test_labs_are_found() -> None:
    records = json.loads((site() / "search.json").read_text(encoding="utf-8"))["pages"]
    kinds = {one["url"]: one["kind"] for one in records if not one["heading"]}
    text = (site() / "llms-full.txt").read_text(encoding="utf-8")
    overview = (site() / "llms.txt").read_text(encoding="utf-8")
    for lab in LABS:
        assert kinds[lab.url] == "lab"
        assert f"# {lab.title}\n" in text
        assert f"[{lab.title}]({lab.url})" in overview
