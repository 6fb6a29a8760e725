"""What a line of a page embeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tooling.course.embeds import Embed, embedded_lines


def test_a_line_embeds_a_file_or_a_section_of_it() -> None:
    assert Embed.parse('--8<-- "c/d/idea.py"') == Embed("c/d/idea.py", None)
    assert Embed.parse('    --8<-- "c/d/idea.py:bug-2"') == Embed("c/d/idea.py", "bug-2")


@pytest.mark.parametrize(
    "line",
    ["", "text", ';--8<-- "c/d/idea.py"', '--8<-- "c/d/idea.py" and more', "# --8<-- [start:x]"],
)
def test_other_lines_embed_nothing(line: str) -> None:
    assert Embed.parse(line) is None


def test_embedded_lines_are_those_of_the_section(tmp_path: Path) -> None:
    file = tmp_path / "snippets" / "x.py"
    file.parent.mkdir()
    file.write_text("a\n# --8<-- [start:one]\nb\n\nc\n# --8<-- [end:one]\nd\n")
    assert Embed("x.py", "one").lines(tmp_path) == ["b", "c"]
    assert embedded_lines(file, None) == ["a", "b", "c", "d"]
    assert Embed("x.py", "two").lines(tmp_path) == []
    assert Embed("y.py", None).lines(tmp_path) == []
