"""The search finds what readers type, by keyboard alone, and costs nothing until it is opened."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.site.queries import OTHER_MATTERS, QUERIES, SENTENCES, check_bars, check_fits
from tooling.course.schema import SIGHTS

CHAPTER = "anatomy-of-a-broken-pipeline/silent-success/"
FIND = """async (texts) => {
  const { find } = await import("/course/assets/scripts/search.mjs");
  const answers = [];
  for (const text of texts) answers.push(await find(text));
  return answers;
}"""


FITS = """async (texts) => {
  const { ask } = await import("/course/assets/scripts/search.mjs");
  const answers = [];
  for (const text of texts) answers.push((await ask(text)).fits);
  return answers;
}"""


def open_search(page: Page) -> None:
    """By the shortcut; the input then has the focus."""
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()


def test_readers_find_the_right_page(page: Page, site_url: str) -> None:
    """Names, old names, typing errors and questions lead to their page."""
    page.goto(site_url)
    answers = page.evaluate(FIND, [query.text for query in QUERIES])
    check_bars(QUERIES, answers)
    pairs = zip(QUERIES, answers, strict=True)
    short = [(query, answer) for query, answer in pairs if query.kind not in SENTENCES]
    check_bars([query for query, _ in short], [answer for _, answer in short])


def test_a_query_with_a_page_is_seldom_told_that_nothing_fits(page: Page, site_url: str) -> None:
    """Two in a hundred at most, whether the floor was found on them or not."""
    page.goto(site_url)
    check_fits(QUERIES, page.evaluate(FITS, [query.text for query in QUERIES]))


def test_other_matters_get_guesses_and_no_more(page: Page, site_url: str) -> None:
    """What the course does not know is never answered with confidence, nor at length."""
    page.goto(site_url)
    texts = [query.text for query in OTHER_MATTERS]
    fits = dict(zip(texts, page.evaluate(FITS, texts), strict=True))
    assert len(fits) >= 20
    assert [text for text, fit in fits.items() if fit] == []
    assert max(map(len, page.evaluate(FIND, texts))) <= 3


def test_the_list_ends_where_relevance_ends(page: Page, site_url: str) -> None:
    """A sentence of an operator leaves a few pages, where it once left 240."""
    page.goto(site_url)
    texts = [query.text for query in QUERIES if query.kind == "report"]
    total = """async (texts) => {
      const { ask } = await import("/course/assets/scripts/search.mjs");
      const totals = [];
      for (const text of texts) totals.push((await ask(text)).total);
      return totals;
    }"""
    assert max(page.evaluate(total, texts)) <= 12


def test_a_pasted_line_of_a_log_fits(page: Page, site_url: str) -> None:
    """Its times, ids and names are foreign to the course, and do not hide the message in it."""
    page.goto(site_url)
    line = (
        "2026-03-14 03:20:11 [error] Server indicated the task shouldn't be running anymore. "
        "Terminating process [supervisor] ti_id=0195a8c2-7e1d-7c3e-9f11-4b2d8c1a7e55"
    )
    assert page.evaluate(FITS, [line]) == [True]
    (answer,) = page.evaluate(FIND, [line])
    assert answer[0].startswith("diagnose/task-marked-failed-while-it-still-ran/")


def test_where_nothing_fits_the_box_says_so(page: Page, site_url: str) -> None:
    """It is announced, a guess is called one, and the groups of Diagnose are the other way in."""
    page.goto(site_url)
    open_search(page)
    page.keyboard.type("kafka consumer lag keeps growing")
    status = page.get_by_role("dialog").get_by_role("status")
    expect(status).to_contain_text("Nothing fits")
    expect(status).to_contain_text("These 3 are guesses.")
    expect(page.locator(".search__list .guess")).to_have_count(3)
    ways = page.get_by_role("navigation", name="By what you see").get_by_role("link")
    assert ways.all_inner_texts() == list(SIGHTS.values())
    box = page.get_by_role("combobox")
    box.fill("exit code")
    expect(page.locator(".search__list .guess")).to_have_count(0)
    expect(ways).to_have_count(0)
    box.fill("kafka consumer lag keeps growing")
    expect(ways).to_have_count(len(SIGHTS))
    page.keyboard.press("Tab")
    expect(ways.first).to_be_focused()
    ways.filter(has_text="It waits").press("Enter")
    page.wait_for_url(site_url + "diagnose/#waits")
    expect(page.get_by_role("heading", name="It waits")).to_be_in_viewport()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_words_seen_lead_to_their_symptom(page: Page, site_url: str) -> None:
    """Whoever pastes what they see lands there, unless another page has those very words."""
    page.goto(site_url)
    records = page.evaluate("fetch('/course/search.json').then((r) => r.json())")["pages"]
    symptoms = [each for each in records if each["kind"] == "symptom" and not each["heading"]]
    asked = [(each["url"], words) for each in symptoms for words in each["asked"]]
    answers = page.evaluate(FIND, [words for _, words in asked])
    places = {words: answer.index(url) for (url, words), answer in zip(asked, answers, strict=True)}
    assert max(places.values()) < 3
    assert list(places.values()).count(0) / len(places) > 0.95


def test_each_page_is_listed_once(page: Page, site_url: str) -> None:
    """Several sections of a page that match share one row."""
    page.goto(site_url)
    for answer in page.evaluate(FIND, ["run", "task failed", "the dashboard is zero"]):
        pages = [url.split("#")[0] for url in answer]
        assert pages
        assert len(pages) == len(set(pages))


def test_words_of_a_section_lead_to_the_section(page: Page, site_url: str) -> None:
    """An answer is the place in the chapter, not only the chapter."""
    page.goto(site_url)
    records = page.evaluate("fetch('/course/search.json').then((r) => r.json())")["pages"]
    sections = [each for each in records if each["heading"] and each["url"].startswith(CHAPTER)]
    wanted = max(sections, key=lambda each: len(each["text"]))
    opening = " ".join(wanted["text"].split()[:10])
    (answer,) = page.evaluate(FIND, [opening])
    assert wanted["url"] in answer[:3]


def test_index_is_loaded_when_search_is_opened(page: Page, site_url: str) -> None:
    """A reader who does not search does not pay for it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(site_url + CHAPTER, wait_until="networkidle")
    lazy = re.compile(r"search|minisearch|ranking|catalogue|preview|glossary\.json")
    assert [path for path in asked if lazy.search(path)] == []
    open_search(page)
    page.keyboard.type("exit code")
    expect(page.get_by_role("option").first).to_be_visible()
    assert "/course/search.json" in asked


def test_keyboard_walk_from_opener_to_page(page: Page, site_url: str) -> None:
    """Enter opens, arrows and End move, Enter goes to the page."""
    page.goto(site_url + CHAPTER)
    page.locator("a.search-open").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("exit code")
    options = page.get_by_role("option")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    page.keyboard.press("End")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(site_url + "glossary/exit-code/")


def test_quick_enter_waits_for_the_answer(page: Page, site_url: str) -> None:
    """Enter right after the last key goes to the best result of the whole query."""
    page.goto(site_url)
    open_search(page)
    page.keyboard.insert_text("watermark")
    page.keyboard.press("Enter")
    page.wait_for_url(site_url + "glossary/watermark/")


@pytest.mark.parametrize("shortcut", ["/", "Control+k", "Meta+k"])
def test_escape_gives_the_focus_back(page: Page, site_url: str, shortcut: str) -> None:
    """Whatever had the focus before has it again, also after something was typed."""
    page.goto(site_url + CHAPTER)
    opener = page.locator("a.search-open")
    opener.focus()
    page.keyboard.press(shortcut)
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("zero")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_slash_in_a_field_is_a_slash(page: Page, site_url: str) -> None:
    """The shortcut does not take a character from somebody who types."""
    page.goto(site_url + "search/")
    box = page.get_by_role("combobox")
    box.click()
    page.keyboard.type("and/or")
    expect(box).to_have_value("and/or")


def test_count_is_announced(page: Page, site_url: str) -> None:
    """The number of results, or that there are none, is in a live region."""
    page.goto(site_url)
    open_search(page)
    status = page.get_by_role("dialog").get_by_role("status")
    page.keyboard.type("completeness")
    expect(status).to_have_text(re.compile(r"\d+ results?$"))
    page.get_by_role("combobox").fill("xqzvbnw")
    expect(status).to_contain_text("Nothing found")
    expect(page.get_by_role("option")).to_have_count(0)


def test_search_page_keeps_the_query_in_the_address(page: Page, site_url: str) -> None:
    """A search can be sent to a colleague, and Back returns to it."""
    page.goto(site_url + "search/?q=silent+sucess")
    expect(page.get_by_role("combobox")).to_have_value("silent sucess")
    expect(page.get_by_role("option").first).to_contain_text("Silent success")
    page.get_by_role("combobox").fill("exit code")
    expect(page.get_by_role("option").first).to_contain_text("Exit code")
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == {"q": ["exit code"]})
    page.get_by_role("option").first.click()
    page.wait_for_url(site_url + "glossary/exit-code/")
    page.go_back()
    expect(page.get_by_role("combobox")).to_have_value("exit code")


def test_text_of_a_query_is_never_markup(page: Page, site_url: str) -> None:
    """What is typed, or sent in a link, is shown as text."""
    page.goto(site_url + "search/?q=%3Cxqzvbnw%3E")
    expect(page.get_by_role("status")).to_contain_text("<xqzvbnw>")
    expect(page.locator("xqzvbnw")).to_have_count(0)


def test_a_wide_window_shows_a_field(page: Page, site_url: str) -> None:
    """From 960 px up it looks like what it opens, with its keys; below, there is only its sign."""
    opener, keys = page.locator("a.search-open"), page.locator("a.search-open kbd")
    page.goto(site_url)
    for width, wide in ((1440, True), (960, True), (959, False), (360, False)):
        page.set_viewport_size({"width": width, "height": 800})
        box = opener.bounding_box()
        assert box is not None
        assert (box["width"] > 200) == wide, width
        assert keys.first.is_visible() == wide
        title = page.locator(".md-header__title").bounding_box()
        assert title is not None
        assert title["x"] + title["width"] <= box["x"]
    page.set_viewport_size({"width": 960, "height": 800})
    opener.click()
    expect(page.get_by_role("dialog", name="Search")).to_be_visible()
