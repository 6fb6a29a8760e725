"""An exercise is graded in the browser as it was in the tests, and a reader's work is kept."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from selectolax.lexbor import LexborHTMLParser

from grading import Exercise
from testbed.sandbox import SNIPPETS
from tests.site.templates import CHAPTER
from tests.site.test_accessibility import violations
from tests.site.test_run import PATIENCE, button, status, write

SITE = Path(os.environ.get("SITE_DIR", "site"))
PATH = f"{CHAPTER}declared_load_exercise"
NAME = Path(PATH).name + ".py"
EXERCISE = Exercise.read(SNIPPETS / f"{PATH}.py")
GRADED = re.compile(r"^(Checked|Stopped|\S+ could not)")
KEPT = "name => localStorage.getItem(name)"


def exercises() -> list[tuple[str, str]]:
    """Every exercise of the built site that can be checked in the browser: page, path."""
    return [
        (path.parent.relative_to(SITE).as_posix() + "/", node.attributes["data-exercise"] or "")
        for path in sorted(SITE.rglob("index.html"))
        for node in LexborHTMLParser(path.read_text()).css(".exercise:has(.run)")
    ]


@pytest.fixture
def chapter(page: Page, site_url: str) -> Page:
    page.goto(site_url + CHAPTER)
    return page


def root_of(page: Page, path: str = PATH) -> Locator:
    return page.locator(f'.exercise[data-exercise="{path}"]')


def bar_of(page: Page, path: str = PATH) -> Locator:
    return root_of(page, path).locator(".run")


def answer_of(page: Page, path: str = PATH) -> Locator:
    return root_of(page, path).locator(".exercise__answer")


def editor_of(page: Page, name: str = NAME) -> Locator:
    return page.get_by_role("textbox", name=f"Program {name}")


def edit(page: Page, code: str, path: str = PATH) -> None:
    """Replace what stands in the editor."""
    if not editor_of(page, Path(path).name).is_visible():
        button(bar_of(page, path), "Edit").click()
    write(editor_of(page, Path(path).name), code)


def check(page: Page, path: str = PATH) -> str:
    """Press Check, wait for the end, and return what the grader says."""
    status(bar_of(page, path)).evaluate("e => { e.textContent = '' }")
    button(bar_of(page, path), "Check").click()
    expect(status(bar_of(page, path))).to_have_text(GRADED, timeout=PATIENCE)
    return answer_of(page, path).text_content() or ""


def plain(says: str) -> str:
    """What the grader says, as a page shows it."""
    return says.replace("`", "")


@pytest.mark.parametrize(("page_of", "path"), exercises(), ids=[path for _, path in exercises()])
def test_given_and_solution_are_graded_as_in_the_tests(
    page: Page, site_url: str, page_of: str, path: str
) -> None:
    page.goto(site_url + page_of)
    exercise = Exercise.read(SNIPPETS / f"{path}.py")
    assert check(page, path) == plain(exercise.grade(exercise.given).says)
    expect(answer_of(page, path)).to_have_attribute("data-passed", "false")
    edit(page, exercise.solution, path)
    assert check(page, path) == plain(exercise.grade(exercise.solution).says)
    expect(answer_of(page, path)).to_have_attribute("data-passed", "true")


def test_there_is_an_exercise() -> None:
    assert (CHAPTER, PATH) in exercises()


def test_what_is_passed_is_done(chapter: Page) -> None:
    check(chapter)
    assert chapter.evaluate(KEPT, "course.done") is None
    chapter.evaluate("localStorage.setItem('course.done', '{\"exercise:other\": \"2026-03-14\"}')")
    edit(chapter, EXERCISE.solution)
    check(chapter)
    done = json.loads(chapter.evaluate(KEPT, "course.done"))
    assert done.pop("exercise:other") == "2026-03-14"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", done.pop(f"exercise:{PATH}"))
    assert not done


def test_work_is_kept_over_a_reload(chapter: Page) -> None:
    work = EXERCISE.solution + "# mine\n"
    edit(chapter, work)
    check(chapter)
    chapter.reload()
    expect(status(bar_of(chapter))).to_have_text(
        re.compile(r"^Done on \d{4}-\d\d-\d\d\. Your work is kept; Edit shows it\.$")
    )
    assert check(chapter) == plain(EXERCISE.grade(work).says)  # without the editor
    button(bar_of(chapter), "Edit").click()
    expect(editor_of(chapter)).to_contain_text("# mine")


def answer_to_dialog(page: Page, *, agree: bool) -> None:
    """Press Reset, and answer what it asks."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if agree else dialog.dismiss()

    page.once("dialog", answer)
    button(bar_of(page), "Reset").click()
    for _ in range(100):
        page.wait_for_timeout(0 if asked else 50)
    assert asked == ["Give up your work on this exercise?"]


def test_reset_gives_back_what_was_given(chapter: Page) -> None:
    assert chapter.evaluate(KEPT, f"course.exercise:{PATH}") is None
    edit(chapter, "mine = 1\n")
    assert chapter.evaluate(KEPT, f"course.exercise:{PATH}") == "mine = 1\n"
    assert check(chapter).startswith("Your program lacks load_orders, which is graded")
    answer_to_dialog(chapter, agree=False)
    expect(editor_of(chapter)).to_have_text("mine = 1")
    answer_to_dialog(chapter, agree=True)
    expect(editor_of(chapter)).to_have_count(0)
    expect(answer_of(chapter)).to_be_empty()
    expect(root_of(chapter).locator("pre").first).to_be_visible()
    assert chapter.evaluate(KEPT, f"course.exercise:{PATH}") is None
    assert check(chapter) == plain(EXERCISE.grade(EXERCISE.given).says)


def test_an_error_of_the_reader_is_shown_with_its_line(chapter: Page) -> None:
    edit(chapter, "print('here')\nload_orders = undefined\n")
    assert check(chapter) == (
        "Your program broke off in line 2: NameError: name 'undefined' is not defined"
    )
    log = root_of(chapter).get_by_role("log")
    expect(log).to_contain_text(f'File "{NAME}", line 2, in <module>\n    load_orders = undefined')
    expect(log).to_contain_text("here\n")
    edit(chapter, "def load_orders(:\n")
    assert check(chapter).startswith("Python cannot read line 1: ")


def test_stop_ends_work_without_an_end(chapter: Page) -> None:
    edit(chapter, "while True:\n    pass\n")
    button(bar_of(chapter), "Check").click()
    expect(status(bar_of(chapter))).to_have_text("Running.", timeout=PATIENCE)
    button(bar_of(chapter), "Stop").click()
    expect(status(bar_of(chapter))).to_have_text("Stopped.")
    expect(answer_of(chapter)).to_be_empty()


def test_nothing_is_asked_for_until_a_press(page: Page, site_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site_url + CHAPTER, wait_until="networkidle")
    unwanted = re.compile(r"exercise\.mjs|editor|codemirror|grading|pyodide|_exercise\.py")
    assert not [url for url in asked if unwanted.search(url)]
    button(bar_of(page), "Edit").click()
    expect(editor_of(page)).to_be_focused()
    assert [url for url in asked if url.endswith("vendor/codemirror.mjs")]
    assert not [url for url in asked if "pyodide" in url]


def test_the_editor_indents_and_is_no_trap(chapter: Page) -> None:
    button(bar_of(chapter), "Edit").focus()
    keys = chapter.keyboard
    keys.press("Enter")
    expect(editor_of(chapter)).to_be_focused()
    keys.press("Control+A")
    keys.type("def load_orders(warehouse, delivery):\nreturn")
    expect(editor_of(chapter)).to_have_text("def load_orders(warehouse, delivery):    return")
    keys.press("Home")
    keys.press("Tab")
    expect(editor_of(chapter)).to_have_text("def load_orders(warehouse, delivery):        return")
    help_ = editor_of(chapter).evaluate(
        "e => e.getRootNode().getElementById(e.getAttribute('aria-describedby')).textContent"
    )
    assert help_ == "Tab indents. Press Escape, then Tab, to leave the editor."
    keys.press("Escape")
    keys.press("Tab")
    expect(editor_of(chapter)).not_to_be_focused()
    expect(root_of(chapter).get_by_role("link", name=NAME)).to_be_focused()


def test_the_policy_lets_the_editor_have_its_colours(chapter: Page) -> None:
    button(bar_of(chapter), "Edit").click()
    colours = "e => [...e.querySelectorAll('span')].map(s => getComputedStyle(s).color)"
    assert len(set(editor_of(chapter).evaluate(colours))) >= 3
    assert editor_of(chapter).evaluate("e => getComputedStyle(e).whiteSpace") == "pre"


def test_axe_finds_nothing_in_it(chapter: Page) -> None:
    chapter.emulate_media(color_scheme="light", reduced_motion="reduce")
    for fold in root_of(chapter).locator("summary").all():
        fold.click()
    edit(chapter, EXERCISE.given)
    check(chapter)
    for width, palette in ((360, "dark"), (1440, "light"), (1440, "dark"), (360, "light")):
        chapter.set_viewport_size({"width": width, "height": 800})
        chapter.get_by_title(f"Use the {palette} palette").click()
        assert not violations(chapter, ".exercise")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert chapter.evaluate(wide) == 0


def test_without_scripts_all_of_it_is_there(browser: Browser, site_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site_url + CHAPTER)
        expect(root_of(page).locator("pre").first).to_contain_text("def load_orders(")
        expect(root_of(page)).to_contain_text(f"python3 noxfile.py exercise {PATH}.py")
        expect(root_of(page).get_by_role("button")).to_have_count(0)
        hints = root_of(page).locator("details.hint")
        expect(hints).to_have_count(2)
        for hint in hints.all():
            hint.locator("> summary").click()
        root_of(page).locator("details.solution > summary").click()
        expect(root_of(page)).to_contain_text("class NotDelivered(Exception)")


def test_where_python_cannot_load_the_command_is_named(browser: Browser, site_url: str) -> None:
    page = browser.new_page()
    page.goto(site_url + CHAPTER)
    page.route("**/grading.zip", lambda route: route.fulfill(status=404))
    check_ = button(bar_of(page), "Check")
    check_.click()
    expect(status(bar_of(page))).to_have_text(
        "Python could not be loaded. The command grades your work at home.", timeout=PATIENCE
    )
    page.close()
