"""A built script has its code and none of its comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.sandbox import ROOT
from tooling.site.scripts import COMMENT, without_comments

SOURCES = sorted((ROOT / "docs" / "assets" / "scripts").glob("*.mjs"))
SCRIPT = """/** What it is. */

/**
 * @param {string} url such as https://a
 */
const open = (url) => fetch(url); // at once
  // why
const url = "https://a//b";
const pattern = /^\\/\\*\\*/;
"""


def test_comments_on_lines_of_their_own_are_taken_out(tmp_path: Path) -> None:
    folder = tmp_path / "assets" / "scripts"
    folder.mkdir(parents=True)
    (folder / "a.mjs").write_text(SCRIPT)
    for _ in range(2):
        without_comments(tmp_path)
        assert (folder / "a.mjs").read_text() == (
            "\nconst open = (url) => fetch(url); // at once\n"
            'const url = "https://a//b";\nconst pattern = /^\\/\\*\\*/;\n'
        )


@pytest.mark.parametrize("source", SOURCES, ids=[source.name for source in SOURCES])
def test_no_text_of_a_script_is_longer_than_a_line(source: Path) -> None:
    """It could hold a line that begins with two slashes, and would lose it."""
    code = COMMENT.sub("", source.read_text(encoding="utf-8")).replace('"`"', "")
    assert not [line for line in code.splitlines() if line.count("`") % 2]
