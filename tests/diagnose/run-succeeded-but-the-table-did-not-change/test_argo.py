import re
import shlex

import pytest

from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("rows loaded", False),
        ("job 4711 submitted", True),
        ("Submitted job 4711", True),
        ("WARNING retrying", True),
        ("ERROR no such table", True),
        ("Traceback (most recent call last):", True),
    ],
)
def test_the_log_tells(page: StagedPage, line: str, found: bool) -> None:
    run(page.code(), WORKFLOW="nightly-1")
    words = shlex.split(page.code())
    assert bool(re.search(words[words.index("--grep") + 1], line)) is found
