"""axe finds nothing, on any template, in either palette, wide or narrow."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.site.templates import ADDED, CHAPTER, LONG, TEMPLATES

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")  # all of them that a palette can break
MARKED = """() => {
  const { activeElement, body } = document;
  const inputs = activeElement.matches("input");  // their labels stand in for them
  const shown = inputs ? [...activeElement.parentElement.children] : [activeElement];
  return activeElement === body || shown.some((e) => !e.matches("input") && e.checkVisibility()
    && getComputedStyle(e).outlineStyle !== "none");
}"""


def violations(page: Page, *parts: str, rules: Sequence[str] = RULES) -> list[str]:
    """What axe says is wrong on a page or in parts of it, with the first element that is."""
    within = {"include": [[part] for part in parts]} if parts else None
    options = {
        "runOnly": rules,
        "resultTypes": ["violations"],  # half of its time is for the rest
    }
    found = Axe().run(page, within, options).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("path", TEMPLATES.values(), ids=TEMPLATES)
def test_template(page: Page, site_url: str, path: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1440, "height": 800})
    page.goto(site_url + path)
    assert not violations(page)
    choose(page, "dark")
    assert not violations(page, rules=COLOURS)
    page.set_viewport_size({"width": 360, "height": 800})
    assert not violations(page)
    choose(page, "light")
    assert not violations(page, rules=COLOURS)


@pytest.mark.parametrize(("path", "parts"), ADDED.items(), ids=ADDED)
def test_what_a_page_adds(page: Page, site_url: str, path: str, parts: list[str]) -> None:
    """Kinds of elements that are on no page of a template, where they first are."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(site_url + path)
        assert not violations(page, *parts)
        choose(page, "dark")
        assert not violations(page, *parts, rules=COLOURS)
        choose(page, "light")


def choose(page: Page, palette: str) -> None:
    page.get_by_title(f"Use the {palette} palette").click()
    scheme = {"light": "default", "dark": "slate"}[palette]
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)


@pytest.mark.parametrize("path", LONG.values(), ids=LONG)
def test_long_page(page: Page, site_url: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(site_url + path)
    assert not violations(page)


def test_opened(page: Page, site_url: str) -> None:
    """Answers opened, a tab chosen, a preview shown."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(site_url + CHAPTER)
    page.locator("details").evaluate_all("folds => folds.forEach((fold) => (fold.open = true))")
    page.locator("a.term").first.hover()
    expect(page.locator("#term-preview")).to_be_visible()
    assert not violations(page)
    choose(page, "dark")
    page.locator("a.term").first.hover()
    expect(page.locator("#term-preview")).to_be_visible()
    assert not violations(page, rules=COLOURS)


@pytest.mark.parametrize("path", ["search/", "diagnose/"])
def test_where_nothing_fits(page: Page, site_url: str, path: str) -> None:
    """Guesses, and the other way in."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(f"{site_url}{path}?q=kafka+consumer+lag+keeps+growing")
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.get_by_role("navigation", name="By what you see")).to_be_visible()
        assert not violations(page)
        choose(page, "dark")
        assert not violations(page, rules=COLOURS)
        choose(page, "light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_always_seen(page: Page, site_url: str, scheme: str) -> None:
    """A hidden input shows on its label; axe does not look at focus."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(site_url + TEMPLATES["symptom"])
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(MARKED), page.evaluate("document.activeElement.outerHTML")


def test_axe_sees_a_fault(page: Page, site_url: str) -> None:
    page.goto(site_url)
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=data:,>')")
    assert any(one.startswith("image-alt") for one in violations(page))
