"""What a reader has done is kept in the browser, shown where it helps, and can be taken along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.site.templates import CHAPTER

ID = CHAPTER.rstrip("/")
COURSE = CHAPTER.partition("/")[0] + "/"
DONE = {f"chapter:{ID}": "2026-03-14", "room:the-doubled-day": "2026-03-15"}
LAST = {"page": ID, "at": "#mechanism", "title": "Silent Success", "section": "What green proves"}


def stored(page: Page, key: str) -> object:
    return json.loads(page.evaluate(f"localStorage.getItem('{key}')") or "null")


def store(page: Page, site_url: str, **values: object) -> None:
    """Have something stored, as an earlier visit leaves it."""
    page.goto(site_url + "404.html")
    for key, value in values.items():
        text = value if isinstance(value, str) else json.dumps(value)
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"course.{key}", text])


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Mark as done")


def test_a_chapter_is_marked_by_the_keyboard_and_stays_marked(page: Page, site_url: str) -> None:
    page.goto(site_url + CHAPTER)
    button(page).focus()
    page.keyboard.press("Enter")
    expect(button(page)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".done [role=status]")).to_contain_text("Kept in this browser only.")
    assert f"chapter:{ID}" in (stored(page, "course.done") or {})
    page.reload()
    expect(button(page)).to_have_attribute("aria-pressed", "true")
    button(page).click()
    expect(button(page)).to_have_attribute("aria-pressed", "false")
    assert stored(page, "course.done") == {}


@pytest.mark.parametrize("path", [COURSE, "start/", "progress/"])
def test_a_list_shows_what_is_done(page: Page, site_url: str, path: str) -> None:
    store(page, site_url, done=DONE)
    page.goto(site_url + path)
    done = page.locator(".cards > li.is-done")
    expect(done.first).to_contain_text("Silent Success (done)")
    titles = page.locator(".cards > li").count()
    assert 0 < done.count() <= titles
    assert done.count() < titles or path == COURSE


@pytest.mark.parametrize("path", ["", "start/"])
def test_the_reader_continues_where_they_were(page: Page, site_url: str, path: str) -> None:
    page.goto(site_url + CHAPTER)
    page.locator("#mechanism").scroll_into_view_if_needed()
    page.mouse.wheel(0, 500)
    page.wait_for_function("localStorage.getItem('course.last')?.includes('#mechanism')")
    page.goto(site_url + path)
    line = page.locator(".continue")
    expect(line).to_contain_text("Continue: Silent Success, ")
    line.get_by_role("link").click()
    expect(page).to_have_url(site_url + CHAPTER + "#mechanism")


def test_who_has_pressed_and_scrolled_nothing_loads_nothing(page: Page, site_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("", "start/", "progress/", COURSE, CHAPTER):
        page.goto(site_url + path, wait_until="networkidle")
    assert not [url for url in asked if "progress.mjs" in url or "placement.mjs" in url]
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('course'))") == []
    )


def test_nothing_shifts_when_what_is_done_is_shown(page: Page, site_url: str) -> None:
    store(page, site_url, done=DONE, last=LAST)
    page.set_viewport_size({"width": 390, "height": 800})
    for path, shown in {
        "": ".continue a",
        "start/": ".continue a",
        COURSE: ".is-done",
        "progress/": ".is-done",
    }.items():
        page.goto(site_url + path)
        expect(page.locator(shown).first).to_be_visible()
        shift = page.evaluate(
            "new Promise((done) => { let sum = 0; new PerformanceObserver((list) => { for (const"
            " entry of list.getEntries()) sum += entry.value }).observe({type: 'layout-shift',"
            " buffered: true}); setTimeout(() => done(sum), 300) })"
        )
        assert shift == 0, path


def test_it_is_exported_erased_and_imported(page: Page, site_url: str, tmp_path: Path) -> None:
    work = {"course.exercise:a/b/c_exercise": "print(1)"}
    store(page, site_url, done=DONE, last=LAST, **{"exercise:a/b/c_exercise": "print(1)"})
    page.goto(site_url + "progress/")
    status = page.locator(".progress [role=status]")
    expect(status).to_have_text("1 chapter, 1 room done on this device.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    assert json.loads(file.read_text()) == {"done": DONE, "last": LAST, "work": work}
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Erase").click()
    expect(status).to_have_text("Erased. Nothing is kept on this device.")
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('course.'))") == []
    )
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import").click()
    chooser.value.set_files(file)
    expect(status).to_have_text("1 chapter, 1 room done on this device.")
    assert stored(page, "course.done") == DONE
    assert stored(page, "course.last") == LAST
    assert page.evaluate(f"localStorage.getItem('{next(iter(work))}')") == "print(1)"


def test_who_thinks_twice_erases_nothing(page: Page, site_url: str) -> None:
    store(page, site_url, done=DONE)
    page.goto(site_url + "progress/")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Erase").click()
    expect(page.locator(".progress [role=status]")).to_contain_text("1 chapter")
    assert stored(page, "course.done") == DONE


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"done": {"chapter:x": "never"}}', "null"])
def test_a_file_of_another_kind_changes_nothing(
    page: Page, site_url: str, tmp_path: Path, text: str
) -> None:
    store(page, site_url, done=DONE)
    page.goto(site_url + "progress/")
    file = tmp_path / "other.json"
    file.write_text(text)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import").click()
    chooser.value.set_files(file)
    page.wait_for_timeout(200)
    assert stored(page, "course.done") == DONE


@pytest.mark.parametrize(
    "last",
    [
        "no JSON",
        {**LAST, "page": "https://example.com"},
        {**LAST, "page": "../../elsewhere"},
        {**LAST, "at": "javascript:alert(1)"},
    ],
)
def test_a_place_that_is_none_is_not_shown(page: Page, site_url: str, last: object) -> None:
    store(page, site_url, last=last, done=DONE)
    page.goto(site_url + "start/")
    expect(page.locator(".is-done").first).to_be_visible()
    expect(page.locator(".continue a")).to_have_count(0)


def test_a_browser_that_keeps_nothing_says_so(own_tab: Page, site_url: str) -> None:
    own_tab.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('refused') }"
    )
    own_tab.goto(site_url + CHAPTER)
    button(own_tab).click()
    said = own_tab.locator(".done [role=status]")
    expect(said).to_have_text("This browser keeps nothing for this site.")
    expect(button(own_tab)).to_have_attribute("aria-pressed", "false")


def test_without_scripts_there_is_nothing_to_press(browser: Browser, site_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site_url + CHAPTER)
        expect(page.locator(".done")).to_be_hidden()
        page.goto(site_url + "progress/")
        expect(page.locator(".progress")).to_be_hidden()
        expect(page.locator(".cards").first).to_be_visible()
