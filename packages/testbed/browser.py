"""Finds the Chromium of this machine, by which the site is tested and screens are taken."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# A browser of its own has nothing to say to its maker while the tests run.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "no Chromium, Chrome or Edge found: install one or set COURSE_BROWSER to its path"


def find_browser(playwright: Playwright) -> str | None:
    """Find the first Chromium there is: the one asked for, Playwright's own, the system's."""
    on_path = (shutil.which(name) for name in ON_PATH)
    own = playwright.chromium.executable_path
    candidates = (os.environ.get("COURSE_BROWSER"), own, *on_path, *ELSEWHERE)
    return next((path for path in candidates if path and Path(path).exists()), None)


def arguments() -> list[str]:
    """Return how to start it; it refuses its sandbox to root, who runs in most containers."""
    return QUIET + (["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else [])
