"""A page of the diagnosis, as the tests of one tool stage it."""

from __future__ import annotations

import os

from testbed.sandbox import PACKAGES, ROOT
from tests.diagnose.staging.fences import Fence
from tests.words import Words
from tooling.course.pages import Page

COMPANY = ROOT / "tests" / "diagnose" / "company"  # its pipelines, which the tools load
PYTHONPATH = os.pathsep.join([str(PACKAGES), str(ROOT)])  # for a process that imports from here


class StagedPage(Words):
    """What a page has a reader paste, for one tool; it knows what has not been tried yet."""

    def __init__(self, page: Page, fences: list[Fence]) -> None:
        super().__init__(page)
        self.fences = fences
        self.left = set(fences)

    def code(self, section: str = "check", number: int = 0) -> str:
        """Return the code of a fence of a section, which counts as tried."""
        fence = [one for one in self.fences if one.section == section][number]
        self.left.discard(fence)
        return fence.code
