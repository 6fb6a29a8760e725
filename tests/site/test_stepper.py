"""Is it safe to re-run? Every way through the questions ends where the page's table says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from testbed.sandbox import ROOT

PATH = "diagnose/safe-to-re-run/"
TEXT = (ROOT / "docs/diagnose/safe-to-re-run.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d)\. .+? \| (.+?) \| (.+?) \|$", TEXT, re.M)
HEADINGS = {id_: title for title, id_ in re.findall(r"^## (.+) \{ #(\w+) \}$", TEXT, re.M)}


def paths(at: int = 0) -> Iterator[tuple[list[str], str]]:
    """Every row of answers, and the id of the section where the table says that it ends."""
    _, yes, no = ROWS[at]
    for answer, cell in (("Yes", yes), ("No", no), ("I do not know", "[Touch nothing](#nothing)")):
        if following := re.fullmatch(r"Question (\d)", cell):
            yield from (([answer, *rest], end) for rest, end in paths(int(following[1]) - 1))
        else:
            yield [answer], cell.partition("#")[2].removesuffix(")")


PATHS = list(paths())


def test_the_table_has_its_paths() -> None:
    assert len(ROWS) == 6
    assert len(PATHS) == 13
    assert {end for _, end in PATHS} == {"nothing", "downstream", "backfill", "clear"}


@pytest.mark.parametrize(("answers", "end"), PATHS, ids=[" ".join(one) for one, _ in PATHS])
def test_a_path_ends_where_the_table_says(
    page: Page, site_url: str, answers: list[str], end: str
) -> None:
    page.goto(site_url + PATH)
    height = page.locator(".stepper").bounding_box()
    for answer in answers:
        chosen = page.locator("[data-shown]").get_by_role("link", name=answer, exact=True)
        step = chosen.get_attribute("data-go")
        chosen.click()
        expect(page.locator(f"[data-shown][data-step={step}]")).to_be_visible()
    shown = page.locator(".stepper > [data-shown]")
    expect(shown).to_have_count(1)
    expect(shown.locator(".stepper-title")).to_have_text(HEADINGS[end])
    expect(shown.locator(".stepper-title")).to_be_focused()
    reason = shown.locator("p").nth(2).inner_text()
    assert len(reason.split()) >= 10
    expect(page.locator(".stepper-status")).to_contain_text(reason)
    assert page.locator(".stepper").bounding_box() == height
    wanted = "look" if answers[-1] == "I do not know" else end
    shown.locator("a.stepper-answer").click()
    assert page.url.endswith(f"#{wanted}")


def test_keys_go_on_and_back(page: Page, site_url: str) -> None:
    page.goto(site_url + PATH)
    title = page.locator("[data-shown] .stepper-title")
    first = title.inner_text()
    page.locator("[data-shown]").get_by_role("link", name="No", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".stepper-status")).to_have_text("Question 2 of 6")
    for _ in range(4):  # the answers, then Back
        page.keyboard.press("Tab")
    expect(page.locator("[data-shown]").get_by_role("button", name="Back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(title).to_have_text(first)


def test_without_scripts_it_is_a_list(browser: Browser, site_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site_url + PATH)
        assert page.locator(".stepper-question:visible").count() == len(ROWS)
        second = page.locator("#question-2")
        second.get_by_role("link", name="Yes", exact=True).click()
        assert page.url.endswith("#nothing")
        assert not page.get_by_role("button", name="Back", exact=True).first.is_visible()


def test_a_script_that_does_not_come_leaves_the_list(browser: Browser, site_url: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/stepper.mjs", lambda route: route.abort())
        page.goto(site_url + PATH)
        page.locator("[data-shown]").get_by_role("link", name="No", exact=True).click()
        expect(page.locator(".stepper-question:visible")).to_have_count(len(ROWS))
