"""A guess before the answer, folded notes, and the fix as a diff."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.site.templates import CHAPTER


def guess(page: Page, site_url: str) -> Locator:
    """The first guess of a chapter."""
    page.goto(site_url + CHAPTER)
    return page.locator(".guess").first


@pytest.mark.parametrize("verdict", ["right", "wrong"])
def test_an_answer_says_why_and_shows_what_happened(
    page: Page, site_url: str, verdict: str
) -> None:
    block = guess(page, site_url)
    shown = block.locator(":scope > .reveal > .highlight").first
    expect(shown).to_be_hidden()
    answer = block.locator(f":scope > .{verdict}").first
    answer.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(answer.locator("p").first).to_be_visible()
    expect(shown).to_be_visible()


def test_who_will_not_guess_may_look(page: Page, site_url: str) -> None:
    block = guess(page, site_url)
    block.locator(":scope > .reveal > summary").click()
    expect(block.locator(":scope > .reveal > .highlight").first).to_be_visible()
    assert block.locator("details.wrong[open], details.right[open]").count() == 0


def test_without_scripts_all_are_ordinary_folds(browser: Browser, site_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        block = guess(context.new_page(), site_url)
        block.locator(":scope > .right > summary").click()
        expect(block.locator(":scope > .right p").first).to_be_visible()
        expect(block.locator(":scope > .reveal > .highlight").first).to_be_hidden()
        block.locator(":scope > .reveal > summary").click()
        expect(block.locator(":scope > .reveal > .highlight").first).to_be_visible()
