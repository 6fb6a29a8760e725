"""The definition of a term, previewed where the term is mentioned."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

CHAPTER = "anatomy-of-a-broken-pipeline/silent-success/"
OPEN = "#term-preview:popover-open"


def first_term(page: Page) -> Locator:
    """The first mention of a term in the chapter."""
    return page.locator("article a.term[data-definition]").first


@pytest.fixture
def phone(browser: Browser, site_url: str) -> Iterator[Page]:
    """A narrow window that is touched; it has to be free of faults as well."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: message.type == "error" and faults.append(message.text))
    page.goto(site_url + CHAPTER)
    yield page
    context.close()
    assert not faults, "\n".join(faults)


def box(locator: Locator) -> dict[str, float]:
    """Where an element is; it has to be somewhere."""
    found = locator.bounding_box()
    assert found is not None
    return dict(found)


def test_hover_shows_and_pointer_may_move_onto_it(page: Page, site_url: str) -> None:
    """WCAG 1.4.13: hoverable and persistent."""
    page.goto(site_url + CHAPTER)
    term = first_term(page)
    term.hover()
    preview = page.locator(OPEN)
    expect(preview).to_have_text(term.get_attribute("data-definition"))
    expect(preview).to_have_role("tooltip")
    expect(term).to_have_attribute("aria-describedby", "term-preview")
    area = box(preview)
    page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2, steps=8)
    # Longer than the grace of a pointer on its way; what is hovered stays for good.
    page.wait_for_timeout(600)
    expect(preview).to_be_visible()
    page.mouse.move(1, 1)
    expect(preview).to_have_count(0)
    assert term.get_attribute("aria-describedby") is None


def test_focus_shows_and_escape_closes(page: Page, site_url: str) -> None:
    """WCAG 1.4.13: dismissible, and the focus stays where it is."""
    page.goto(site_url + CHAPTER)
    term = first_term(page)
    # A focus that is visible, as that of Tab is.
    page.keyboard.press("Tab")
    term.focus()
    expect(page.locator(OPEN)).to_be_visible()
    expect(term).to_have_attribute("aria-describedby", "term-preview")
    page.keyboard.press("Escape")
    expect(page.locator(OPEN)).to_have_count(0)
    expect(term).to_be_focused()


def test_focus_moving_on_takes_the_preview_along(page: Page, site_url: str) -> None:
    """Tab from one term to the next shows the next one's definition."""
    page.goto(site_url + CHAPTER)
    page.keyboard.press("Tab")
    first_term(page).focus()
    expect(page.locator(OPEN)).to_be_visible()
    page.keyboard.press("Tab")
    focused = page.locator("a:focus")
    if "term" in (focused.get_attribute("class") or "").split():
        expect(page.locator(OPEN)).to_have_text(focused.get_attribute("data-definition"))
    else:
        expect(page.locator(OPEN)).to_have_count(0)


def test_click_still_follows_the_link(page: Page, site_url: str) -> None:
    """With a mouse, a mention is an ordinary link."""
    page.goto(site_url + CHAPTER)
    term = first_term(page)
    target = term.evaluate("link => link.href")
    term.click()
    expect(page).to_have_url(target)


def test_first_tap_shows_and_does_not_leave(phone: Page, site_url: str) -> None:
    """A finger gets the definition first, and from it the way to the entry."""
    term = first_term(phone)
    target = term.evaluate("link => link.href")
    term.tap()
    preview = phone.locator(OPEN)
    expect(preview).to_contain_text(term.get_attribute("data-definition"))
    assert phone.url == site_url + CHAPTER
    entry = preview.get_by_role("link", name="Open entry")
    assert box(entry)["height"] >= 44
    entry.tap()
    phone.wait_for_url(target)


def test_tap_elsewhere_closes(phone: Page) -> None:
    """And nothing else happens."""
    first_term(phone).tap()
    expect(phone.locator(OPEN)).to_be_visible()
    phone.touchscreen.tap(180, 730)
    expect(phone.locator(OPEN)).to_have_count(0)


def test_preview_stays_in_a_narrow_window(phone: Page) -> None:
    """No preview is cut off, no line of the page moves, nothing scrolls sideways."""
    heading = phone.locator("article h2").last
    for term in phone.locator("article a.term[data-definition]:visible").all():
        term.scroll_into_view_if_needed()
        before = box(heading)
        term.tap()
        expect(phone.locator(OPEN)).to_contain_text(term.get_attribute("data-definition"))
        area = box(phone.locator(OPEN))
        assert area["x"] >= 0
        assert area["x"] + area["width"] <= 360
        assert area["y"] >= 0
        assert area["y"] + area["height"] <= 740
        assert box(heading) == before
        phone.keyboard.press("Escape")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_preview_flips_at_the_lower_edge(page: Page, site_url: str) -> None:
    """Where there is no room below, it is above."""
    page.goto(site_url + CHAPTER)
    term = first_term(page)
    bottom = round(box(term)["y"] + box(term)["height"])
    page.set_viewport_size({"width": 1280, "height": bottom + 20})
    term.hover()
    expect(page.locator(OPEN)).to_be_visible()
    area = box(page.locator(OPEN))
    assert area["y"] + area["height"] <= box(term)["y"] + 1
