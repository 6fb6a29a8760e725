"""A simulator shows what its program printed, frame by frame, and asks for it only when touched."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from selectolax.lexbor import LexborHTMLParser

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
    page.goto(site_url + path)
    return page.locator(".simulator").nth(n)


def recorded(simulator: Locator, path: str) -> dict[str, Any]:
    """What the program printed: tests/content/test_recordings.py holds the recording to it."""
    frames = simulator.get_attribute("data-frames")
    recording = Path(os.path.normpath(Path(path) / frames))
    return json.loads(recording.read_text(encoding="utf-8"))


SHOWN = """root => ({
    step: root.querySelector('output').textContent,
    cells: [...root.querySelectorAll('.simulator__cell')].map(cell => ({
        text: cell.querySelector('text').textContent, state: cell.dataset.state})),
    marks: [...root.querySelectorAll('.simulator__cell use')].map(use =>
        document.querySelector(use.getAttribute('href')).id.split('-').pop()),
    facts: Object.fromEntries([...root.querySelectorAll('dl div')].map(fact =>
        [fact.querySelector('dt').textContent, fact.querySelector('dd').textContent])),
    log: [...root.querySelectorAll('li')].map(item => item.textContent),
})"""


def wanted(frame: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of a frame."""
    cells = [cell for row in frame["rows"] for cell in row["cells"]]
    marks = [cell["state"] for cell in cells]
    return {key: frame[key] for key in ("step", "facts", "log")} | {"cells": cells, "marks": marks}


def test_there_are_simulators() -> None:
    assert ("", 0) in ALL  # the home page opens with one
    assert ("glossary/print/", 0) in ALL  # which has the text of every term


@every_simulator
def test_every_frame_is_the_program_s(page: Page, site_url: str, path: str, n: int) -> None:
    simulator = opened(page, site_url, path, n)
    simulation = recorded(simulator, path)
    assert simulator.evaluate(SHOWN) == wanted(simulation["runs"][0]["frames"][0])
    slider = simulator.get_by_role("slider")
    for run in simulation["runs"]:
        for group, option in enumerate(run["choice"]):
            choice = simulator.get_by_role("group").nth(group)
            choice.get_by_role("radio", name=option, exact=True).check()
        for number, frame in enumerate(run["frames"]):
            slider.fill(str(number))
            expect(simulator.locator("output")).to_have_text(frame["step"])
            assert simulator.evaluate(SHOWN) == wanted(frame)


@every_simulator
def test_nothing_is_fetched_before_a_touch(page: Page, site_url: str, path: str, n: int) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    simulator = opened(page, site_url, path, n)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "simulator.mjs" in url or url.endswith(".json")]
    simulator.get_by_role("button", name="Next").click()
    expect(simulator.get_by_role("slider")).to_have_value("1")
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


def test_a_reader_who_wants_no_motion_gets_none(page: Page, site_url: str) -> None:
    moves = "getComputedStyle(document.querySelector('.simulator__cell rect')).transitionDuration"
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
