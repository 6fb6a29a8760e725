"""The built site on a loopback port, and a browser that reports every fault."""

from __future__ import annotations

import functools
import http.server
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, ClassVar
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
)

from testbed.browser import MISSING, arguments, find_browser
from tests.machine import lacks

PREFIX = "/course/"
WINDOW = {"width": 1280, "height": 800}


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site under a sub-path, as a project's pages are served."""

    extensions_map: ClassVar[dict[str, str]] = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def translate_path(self, path: str) -> str:
        """The folder knows nothing of the sub-path."""
        return super().translate_path("/" + path.removeprefix(PREFIX))

    def send_head(self) -> BinaryIO | None:
        """Outside the sub-path there is nothing."""
        if self.path.startswith(PREFIX):
            return super().send_head()
        self.send_error(404)
        return None

    def list_directory(self, path: str) -> None:
        """A folder without an index is not a page."""
        self.send_error(404)

    def log_message(self, *args: object) -> None:
        """A failing test says more than a log of requests."""


class _Server(http.server.ThreadingHTTPServer):
    """A server that a browser may leave in the middle of an answer."""

    def handle_error(self, request: object, client_address: object) -> None:
        """A closed connection is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def site_url() -> Iterator[str]:
    """The base URL of the built site, ending in `/course/`."""
    folder = Path(os.environ.get("SITE_DIR", "site")).resolve()
    if not (folder / "index.html").is_file():
        pytest.fail(f"{folder} holds no built site: run `python3 noxfile.py build` first")
    handler = functools.partial(_Handler, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """How pytest-playwright launches its browser: what it was asked for, and which one there is."""
    path = find_browser(playwright)
    if path is None:
        lacks(MISSING)
    return {**browser_type_launch_args, "executable_path": path, "args": arguments()}


@contextmanager
def watched(page: Page, site_url: str) -> Iterator[Page]:
    """Watch for what a reader must never meet: errors, and requests to another host."""
    faults: list[str] = []

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and not request.url.startswith(site_url):
            faults.append(f"request outside of the site: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console error: {message.text}")

    def on_error(error: Error) -> None:
        faults.append(f"page error: {error}")

    listeners = {"request": on_request, "console": on_console, "pageerror": on_error}
    for event, listener in listeners.items():
        page.on(event, listener)
    yield page
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="module")
def context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """A reader's profile, shared by the pages of a file: a page costs half of one with its own."""
    with browser.new_context(**{"viewport": WINDOW, **browser_context_args}) as context:
        yield context


@pytest.fixture(scope="module")
def tab(context: BrowserContext) -> Page:
    """The tab of a file's tests: to open one takes three times as long as to load a page in it."""
    return context.new_page()


@pytest.fixture
def page(context: BrowserContext, tab: Page, site_url: str) -> Iterator[Page]:
    """A tab as it is when it is new; at the end the test fails if a page in it had any fault."""
    with watched(tab, site_url) as page:
        yield page
        forget(page, context, site_url)


@pytest.fixture
def own_tab(context: BrowserContext, site_url: str) -> Iterator[Page]:
    """A tab of the test's own, for what cannot be taken back, such as another clock."""
    with watched(context.new_page(), site_url) as page:
        yield page
        forget(page, context, site_url)
        page.close()


def forget(page: Page, context: BrowserContext, site_url: str) -> None:
    """Leave nothing to the next test: no page, no worker, nothing stored, routed or emulated."""
    stored = {"origin": site_url.removesuffix(PREFIX), "storageTypes": "all"}
    page.unroute_all()
    if page.url.startswith(site_url):
        page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")  # first, or what a page does last would be stored after all
    session = context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", stored)
    session.detach()
    page.emulate_media(media="null", color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size(WINDOW)
    page.mouse.move(0, 0)
