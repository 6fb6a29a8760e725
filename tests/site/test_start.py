"""Start here: a guess, three paths, and ten questions that end in a chapter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

START = "start/"
QUESTIONS = "#placement ~ .guess"
FIRST = "anatomy-of-a-broken-pipeline/silent-success/"


def answer(question: Locator, verdict: str) -> None:
    question.locator(f":scope > .{verdict} > summary").first.click()


def test_home_s_door_leads_here(page: Page, site_url: str) -> None:
    page.goto(site_url)
    page.locator(".doors").get_by_role("link", name="Learn", exact=True).click()
    expect(page).to_have_url(site_url + START)


def test_the_path_of_somebody_new_leads_to_silent_success(page: Page, site_url: str) -> None:
    page.goto(site_url + START)
    lists = page.locator("#new ~ ol.cards")
    lists.first.locator(".card-title a").first.click()
    expect(page).to_have_url(site_url + FIRST)


@pytest.mark.parametrize(
    ("missed", "right", "chapter"),
    [
        ([1], 9, FIRST),
        ([4, 8], 8, "idempotency-and-state/safe-to-retry/"),
        ([9], 9, "airflow-in-production/deploy-without-restarting/"),
        ([], 10, "start/#owner"),
    ],
)
def test_ten_answers_end_in_a_chapter(
    page: Page, site_url: str, missed: list[int], right: int, chapter: str
) -> None:
    page.goto(site_url + START)
    questions = page.locator(QUESTIONS).all()
    assert len(questions) == 10
    for number, question in enumerate(questions):
        answer(question, "wrong" if number in missed else "right")
    verdict = page.locator(".placement")
    expect(verdict).to_contain_text(f"{right} of 10. Begin with ")
    expect(verdict.locator("a")).to_have_attribute("href", end_of(chapter))


def end_of(address: str) -> re.Pattern[str]:
    """What a link to it ends in: on this page itself, only the fragment."""
    return re.compile(re.escape(address.removeprefix(START)) + "$")


def test_the_first_answer_counts(page: Page, site_url: str) -> None:
    page.goto(site_url + START)
    question = page.locator(QUESTIONS).first
    answer(question, "wrong")
    expect(page.locator(".placement")).to_contain_text("0 right of 1 answered")
    answer(question, "right")
    answer(page.locator(QUESTIONS).nth(1), "right")
    expect(page.locator(".placement")).to_contain_text("1 right of 2 answered")


def test_the_guess_above_is_none_of_the_ten(page: Page, site_url: str) -> None:
    page.goto(site_url + START)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer(page.locator(".guess").first, "right")
    expect(page.locator(".guess").first.locator(".reveal pre")).to_be_visible()
    assert not [url for url in asked if "placement" in url]


def test_without_scripts_each_question_says_what_to_read(browser: Browser, site_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site_url + START)
        for question in page.locator(QUESTIONS).all():
            question.locator(":scope > .reveal > summary").click()
            link = question.locator(":scope > .reveal a").last
            expect(link).to_be_visible()
            assert context.request.get(site_url + START + str(link.get_attribute("href"))).ok
        expect(page.locator(".placement, .continue")).to_have_count(2)
        assert not page.locator(".placement, .continue").first.is_visible()
