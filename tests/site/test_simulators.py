"""A simulator shows what its program printed, frame by frame, and asks for it only when touched."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from selectolax.lexbor import LexborHTMLParser

from tooling.course.simulation import Simulation
from tooling.site.drawing import plot

SITE = Path(os.environ.get("SITE_DIR", "site"))


def simulators() -> list[tuple[str, int]]:
    """Every simulator of the built site: the page's address, and which of its simulators."""
    found = []
    for path in sorted(SITE.rglob("index.html")):
        text = path.read_text(encoding="utf-8")
        number = len(LexborHTMLParser(text).css(".simulator")) if 'class="simulator"' in text else 0
        address = path.parent.relative_to(SITE).as_posix().replace(".", "", 1)
        found += [(f"{address}/".lstrip("/"), n) for n in range(number)]
    return found


ALL = simulators()
every_simulator = pytest.mark.parametrize(("path", "n"), ALL, ids=[f"{p}{n}" for p, n in ALL])


def opened(page: Page, site_url: str, path: str, n: int) -> Locator:
    """Open a page, and of it the answers behind which a simulator may stand."""
    page.goto(site_url + path)
    page.evaluate("document.querySelectorAll('.reveal').forEach(fold => { fold.open = true })")
    return page.locator(".simulator").nth(n)


def recorded(simulator: Locator, path: str) -> dict[str, Any]:
    """What the program printed: tests/content/test_recordings.py holds the recording to it."""
    frames = simulator.get_attribute("data-frames")
    recording = Path(os.path.normpath(Path(path) / frames))
    return json.loads(recording.read_text(encoding="utf-8"))


SHOWN = """root => ({
    step: root.querySelector('output').textContent,
    cells: [...root.querySelectorAll('.drawing__cell')].map(cell => ({
        text: cell.querySelector('text').textContent, state: cell.dataset.state})),
    marks: [...root.querySelectorAll('.drawing__cell use')].map(use =>
        document.querySelector(use.getAttribute('href')).id.split('-').pop()),
    facts: Object.fromEntries([...root.querySelectorAll('dl div')].map(fact =>
        [fact.querySelector('dt').textContent, fact.querySelector('dd').textContent])),
    log: [...root.querySelectorAll('.simulator__told li')].map(item => item.textContent),
})"""
PLOT = """root => [...root.querySelectorAll('.drawing__plot, .drawing__plot *')]
    .filter(one => !one.closest('[display=none]'))
    .map(one => one.cloneNode(one.tagName === 'text').outerHTML)"""


def wanted(frame: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of a frame."""
    cells = [cell for row in frame.get("rows", []) for cell in row["cells"]]
    cells += [{"text": node, "state": state} for node, state in frame.get("nodes", {}).items()]
    marks = [cell["state"] for cell in cells]
    said = {"step": frame["step"], "facts": frame.get("facts", {}), "log": frame["log"]}
    return said | {"cells": cells, "marks": marks}


PARSED = "new DOMParser().parseFromString(html, 'text/html')"


def would_build(
    simulation: dict[str, Any], run: dict[str, Any], frame: dict[str, Any], simulator: Locator
) -> str:
    """What the build would draw, if this frame were the first one."""
    others = [one for one in simulation["runs"] if one is not run]
    first = run | {"frames": [frame, *run["frames"][1:]]}
    model = Simulation.model_validate(simulation | {"runs": [first, *others]})
    name = Path(simulator.get_attribute("data-frames")).stem
    return "".join(plot(model, model.axis, name)) if model.axis else ""


def answer_all(simulator: Locator) -> None:
    """Answer whatever is asked, so that nothing holds the reader up."""
    simulator.locator(".guess").evaluate_all(
        "all => all.forEach(guess => guess.querySelector('summary').click())"
    )


def choose(simulator: Locator, simulation: dict[str, Any], run: dict[str, Any]) -> None:
    """Take the options that lead to a run."""
    groups = simulator.locator("fieldset, .simulator__slider")
    for n, (choice, option) in enumerate(zip(simulation["choices"], run["choice"], strict=True)):
        if "unit" in choice:
            slider = groups.nth(n).get_by_role("slider")
            slider.fill(str(choice["options"].index(option)))
            expect(slider).to_have_attribute("aria-valuetext", f"{option} {choice['unit']}")
        else:
            groups.nth(n).get_by_role("radio", name=option, exact=True).check()


def test_there_are_simulators() -> None:
    assert ("", 0) in ALL  # the home page opens with one
    assert ("glossary/print/", 0) in ALL  # which has the text of every term


def step_to(simulator: Locator, number: int) -> None:
    """Go to a frame; where each run has only one, it is the one that is shown."""
    slider = simulator.locator(".simulator__steps input")
    if slider.count():
        slider.fill(str(number))


@every_simulator
def test_every_frame_is_the_program_s(page: Page, site_url: str, path: str, n: int) -> None:
    simulator = opened(page, site_url, path, n)
    simulation = recorded(simulator, path)
    assert simulator.evaluate(SHOWN) == wanted(simulation["runs"][0]["frames"][0])
    answer_all(simulator)
    page.wait_for_load_state("networkidle")  # an early answer steps late
    for run in simulation["runs"]:
        choose(simulator, simulation, run)
        for number, frame in enumerate(run["frames"]):
            step_to(simulator, number)
            expect(simulator.locator("output")).to_have_text(frame["step"])
            assert simulator.evaluate(SHOWN) == wanted(frame)
            built = would_build(simulation, run, frame, simulator)
            assert simulator.evaluate(PLOT) == page.evaluate(f"html => ({PLOT})({PARSED})", built)


SHAPE = """root => [...root.querySelectorAll('[data-step], .drawing')]
    .map(one => one.getBoundingClientRect().y - root.getBoundingClientRect().y)"""


@every_simulator
def test_nothing_moves_when_it_is_stepped(page: Page, site_url: str, path: str, n: int) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    simulator = opened(page, site_url, path, n)
    frames = recorded(simulator, path)["runs"][0]["frames"]
    answer_all(simulator)
    page.wait_for_load_state("networkidle")
    tops = []
    for number in (*range(len(frames)), 0):
        step_to(simulator, number)
        expect(simulator.locator("output")).to_have_text(frames[number]["step"])
        tops.append(simulator.evaluate(SHAPE))
    assert all(one == tops[0] for one in tops)


@every_simulator
def test_text_in_a_drawing_is_large_enough(page: Page, site_url: str, path: str, n: int) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    simulator = opened(page, site_url, path, n)
    sizes = simulator.locator(".drawing text").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"
    )
    assert sizes and min(sizes) >= 11


@every_simulator
def test_all_steps_stand_in_the_page(page: Page, site_url: str, path: str, n: int) -> None:
    simulator = opened(page, site_url, path, n)
    steps = simulator.locator(".simulator__log > ol > li")
    runs = recorded(simulator, path)["runs"]
    stepped = any(len(run["frames"]) > 1 for run in runs)
    frames = runs[0]["frames"] if stepped else [run["frames"][0] for run in runs]
    for frame, item in zip(frames, steps.all(), strict=True):
        told = item.text_content()
        assert told.startswith(frame["step"]) or not stepped
        assert all(line in told for line in frame["log"])


@every_simulator
def test_nothing_is_fetched_before_a_touch(page: Page, site_url: str, path: str, n: int) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    simulator = opened(page, site_url, path, n)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "simulator.mjs" in url or url.endswith(".json")]
    with page.expect_response("**/*.json"):
        back = simulator.get_by_role("button", name="Back")  # a question may hold Next
        if back.count():
            back.press("Enter")
        else:
            simulator.locator("input").last.press("ArrowRight")
    assert len([url for url in asked if url.endswith(".json")]) == 1


def test_it_is_stepped_by_keyboard(page: Page, site_url: str) -> None:
    simulator = opened(page, site_url, "", 0)
    frames = recorded(simulator, "")["runs"][0]["frames"]
    slider = simulator.get_by_role("slider")
    slider.focus()
    for key, at in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", -1)):
        slider.press(key)
        expect(slider).to_have_attribute("aria-valuetext", frames[at]["step"])
    step = simulator.get_by_role("button", name="Next")
    expect(step).to_have_attribute("aria-disabled", "true")
    step.press("Enter")  # the end stays the end
    expect(simulator.locator("output")).to_have_text(frames[-1]["step"])
    simulator.get_by_role("button", name="Back").press("Space")
    expect(simulator.locator("output")).to_have_text(frames[-2]["step"])


def with_question(page: Page, site_url: str) -> tuple[Locator, dict[str, Any]]:
    """The simulator of a page that asks before its first step, and has more than one."""
    for path, n in ALL:
        simulator = opened(page, site_url, path, n)
        frames = recorded(simulator, path)["runs"][0]["frames"]
        if simulator.locator(".guess[data-at~='0.0']").count() and len(frames) > 2:
            return simulator, frames[0]["question"]
    raise AssertionError("no simulator asks before its first step")


def test_a_question_stands_until_it_is_answered(page: Page, site_url: str) -> None:
    simulator, question = with_question(page, site_url)
    slider = simulator.locator(".simulator__steps input")
    step = simulator.get_by_role("button", name="Next")
    step.press("Enter")
    first = simulator.locator(".guess.is-asked summary").first
    expect(first).to_be_focused()
    expect(slider).to_have_value("0")
    slider.fill("3")  # nor can it be slid past
    expect(slider).to_have_value("0")
    first.press("Enter")  # which is an answer
    expect(slider).to_have_value("1")
    because = question["answers"][0]["because"]
    expect(simulator.locator(".guess[data-at~='0.0']").get_by_text(because).first).to_be_visible()
    step.press("Enter")
    expect(slider).to_have_value("2")


def test_without_scripts_the_questions_are_folds(browser: Browser, site_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    simulator, question = with_question(page, site_url)
    guess = simulator.locator(".guess[data-at~='0.0']")
    guess.locator("summary", has_text=question["answers"][0]["text"]).click()
    expect(guess.get_by_text(question["answers"][0]["because"]).first).to_be_visible()
    expect(simulator.get_by_role("button", name="Next")).to_be_hidden()
    simulator.locator(".simulator__log > summary").click()
    expect(simulator.locator(".simulator__log li").last).to_be_visible()
    context.close()


def test_a_reader_who_wants_no_motion_gets_none(page: Page, site_url: str) -> None:
    moves = "getComputedStyle(document.querySelector('.drawing__cell rect')).transitionDuration"
    page.goto(site_url)
    assert page.evaluate(moves) != "0s"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moves) == "0s"


def test_without_its_frames_it_says_so(browser: Browser, site_url: str) -> None:
    page = browser.new_page()  # whose errors are expected
    page.route("**/snippets/**/*.json", lambda route: route.abort())
    simulator = opened(page, site_url, "", 0)
    simulator.get_by_role("button", name="Next").click()
    expect(simulator.locator("output")).to_contain_text("could not be loaded")
    page.unroute("**/snippets/**/*.json")
    simulator.get_by_role("button", name="Next").click()
    expect(simulator.get_by_role("slider")).to_have_value("1")
    page.close()
