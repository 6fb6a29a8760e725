"""Takes pictures of a tool's own UI with a browser, and reads what each of them shows.

A program of screens prints all that it took as one JSON object, with the images as text. `record`
keeps each image as a file and the rest as JSON; only the rest is compared, as no two machines have
the same fonts. Nothing is drawn into a picture: a page lays numbers over it.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Route, sync_playwright

from testbed.browser import MISSING, arguments, find_browser

QUALITY = 60  # of WebP: text stays crisp, and a picture below the 40 kB that it may have
PATIENCE = 60_000  # milliseconds: a tool that has just started is slow
# Where an element's words are: a line of a form is often as wide as the form.
CONTENTS = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const { x, y, width, height } = range.getBoundingClientRect();
  return { x, y, width, height };
}"""
STILL = 700  # milliseconds in which nothing moves
Box = dict[str, float]


class BrowserUnavailableError(Exception):
    """No browser is installed."""


class Screens:
    """A tab of a browser, and the pictures that were taken in it.

    page: the tab, as Playwright gives it. taken: what was taken so far, by name.
    """

    def __init__(self, page: Page) -> None:
        """Begin without a picture."""
        self.page = page
        self.taken: dict[str, Any] = {}

    def take(
        self, name: str, frame: list[Locator], marks: dict[str, Locator], room: int = 8
    ) -> None:
        """Take a picture of what holds these elements, and note what its marks say and where.

        frame: elements that the picture encloses, with so much room around them. marks: elements
        that a page may point at, by name.
        """
        at_rest([*frame, *marks.values()])
        clip = enclosing([box_of(element) for element in frame], room)
        self.taken[name] = {
            "width": round(clip["width"]),
            "height": round(clip["height"]),
            "marks": {key: mark(element, clip) for key, element in marks.items()},
            "image": image(self.page, clip),
        }

    def printed(self) -> str:
        """Write all that was taken, for `record`."""
        return json.dumps({"screens": self.taken}, ensure_ascii=False)


@contextmanager
def browser(width: int, height: int) -> Iterator[Screens]:
    """Open a tab of this size, by day, that reaches this machine and no other.

    BrowserUnavailableError: there is no Chromium, Chrome or Edge.
    """
    with sync_playwright() as playwright:
        path = find_browser(playwright)
        if path is None:
            raise BrowserUnavailableError(MISSING)
        started = playwright.chromium.launch(
            executable_path=path, args=arguments(), env=variables()
        )
        window: Any = {"width": width, "height": height}
        page = started.new_page(viewport=window, device_scale_factor=2, color_scheme="light")
        page.set_default_timeout(PATIENCE)
        page.emulate_media(reduced_motion="reduce")
        page.route("**", of_this_machine)
        yield Screens(page)
        started.close()


def variables() -> dict[str, str | float | bool]:
    """Return the environment of a browser: that of the program, in English."""
    return {**os.environ, "LANG": "en_GB.UTF-8"}


def of_this_machine(route: Route) -> None:
    """Let a request pass that stays here; a tool's page may ask its maker for more."""
    here = urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost", None)
    if here:
        route.continue_()
    else:
        route.abort()


def at_rest(elements: list[Locator]) -> None:
    """Wait until the elements are there, and stay where they are: dialogs glide in and unfold."""
    for element in elements:
        element.wait_for()
    before = None
    while before != (now := [box_of(element) for element in elements]):
        before = now
        elements[0].page.wait_for_timeout(STILL)


def box_of(element: Locator) -> Box:
    """Return where an element is."""
    box: Any = element.bounding_box()
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


def enclosing(boxes: list[Box], room: int) -> Box:
    """Return the box around these, with some room."""
    left, top = (min(box[side] for box in boxes) - room for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes) + room
    bottom = max(box["y"] + box["height"] for box in boxes) + room
    left, top = max(left, 0), max(top, 0)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def mark(element: Locator, clip: Box) -> dict[str, Any]:
    """Return what an element says, its state with it, and where its right end is, in percent."""
    box = element.evaluate(CONTENTS)
    box = box if box["width"] else box_of(element)
    across = (box["x"] + box["width"] - clip["x"]) / clip["width"]
    down = (box["y"] + box["height"] / 2 - clip["y"]) / clip["height"]
    if not (0 <= across <= 1 and 0 <= down <= 1):
        raise ValueError(f"outside of the picture: {said(element)}")
    return {"says": said(element), "at": [round(100 * across, 1), round(100 * down, 1)]}


def said(element: Locator) -> str:
    """Read an element as a screen reader does: what it is, its words, whether it is checked."""
    lines = element.aria_snapshot().splitlines()
    return " ".join(line.strip().removeprefix("- ") for line in lines)


def image(page: Page, clip: Box) -> str:
    """Take a picture as WebP, which Playwright itself does not write, as text."""
    session = page.context.new_cdp_session(page)
    wanted = {"format": "webp", "quality": QUALITY, "clip": {**clip, "scale": 1}}
    data: str = session.send("Page.captureScreenshot", wanted)["data"]
    session.detach()
    assert base64.b64decode(data)[8:12] == b"WEBP"
    return data
