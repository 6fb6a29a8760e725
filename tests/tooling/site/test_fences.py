"""What is drawn in the place of a fence, and what stands below it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from testbed.sandbox import ROOT, SNIPPETS
from testbed.tools import AIRFLOW
from tooling.course import screens
from tooling.course.pages import Page
from tooling.course.schema import FrontMatter
from tooling.site import components
from tooling.site.fences import with_drawn_fences, with_snippet_feet

PAGE = Page("course/chapter.md", FrontMatter(), "", 1)
CHAPTER = "anatomy-of-a-broken-pipeline/silent-success.md"


def test_foot_stands_below_the_fence_of_a_recording() -> None:
    lines = ["```text", '--8<-- "c/d/idea.out"', "```", "after"]
    out = list(with_snippet_feet(lines, []))
    assert out[:4] == [*lines[:3], ""]
    assert out[4].startswith("[idea.py](snippet:c/d/idea.py) · Standard library only")
    assert out[-1] == "after"


def test_foot_is_indented_like_its_fence_and_names_the_version() -> None:
    lines = ["    ```text", '    --8<-- "c/d/idea_airflow.out"', "    ```"]
    out = list(with_snippet_feet(lines, []))
    assert out[4].startswith("    [idea_airflow.py](snippet:c/d/idea_airflow.py)")
    assert f"Verified on Airflow {components.locked_version(AIRFLOW)}" in out[4]


EXERCISE = "anatomy-of-a-broken-pipeline/silent-success/declared_load_exercise"


def drawn(path: str) -> tuple[list[str], list[str]]:
    """Draw an exercise; return its Markdown and the HTML that stands for lines of it."""
    kept: list[str] = []
    fence = ["above", "```exercise", f'--8<-- "{path}.py"', "```", "below"]
    return list(with_drawn_fences(PAGE, fence, kept)), kept


def test_an_exercise_has_what_is_given_the_command_two_hints_and_a_solution() -> None:
    lines, _ = drawn(EXERCISE)
    wanted = [
        "above",
        f'<div class="exercise" data-exercise="{EXERCISE}" markdown="1">',
        f'--8<-- "{EXERCISE}.py:given"',
        '??? hint "A hint: where to look"',
        '    ??? hint "A second hint: what to write"',
        '??? solution "A solution"',
        f'    --8<-- "{EXERCISE}.py:solution"',
        "</div>",
        "below",
    ]
    assert [line for line in lines if line in wanted] == wanted
    assert f"`python3 noxfile.py exercise {EXERCISE}.py`" in "\n".join(lines)


def test_only_an_exercise_without_a_tool_has_buttons(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(components.runtime, "is_there", lambda: True)
    _, [html] = drawn(EXERCISE)
    assert html.index(">Edit<") < html.index(">Check<") < html.index("exercise__answer")
    monkeypatch.setattr(components, "SNIPPETS", tmp_path)
    file = tmp_path / f"{EXERCISE}_argo.py"
    file.parent.mkdir(parents=True)
    file.write_text((ROOT / "snippets" / f"{EXERCISE}.py").read_text())
    assert drawn(f"{EXERCISE}_argo")[1] == []


def test_code_without_a_recording_has_no_foot() -> None:
    lines = ["```python", '--8<-- "c/d/idea.py:bug"', "```"]
    assert list(with_snippet_feet(lines, [])) == lines


def test_html_of_ours_may_stand_in_a_fold() -> None:
    embed = '--8<-- "pipeline-quality-vs-data-quality/two-axes/quadrant.json"'
    fence = [f"    {line}" for line in ("```simulator", embed, "```")]
    kept: list[str] = []
    lines = list(with_drawn_fences(PAGE, fence, kept))
    assert lines[0] == "    course-html-0"
    assert kept[0].startswith('<div class="simulator"')
    assert all(line.startswith("    ") for line in lines if line)


STILL = {
    "title": "Two nights",
    "axis": {"label": "", "start": 0, "end": 9, "ticks": [[0, "03:12"], [9, "03:21"]]},
    "lanes": ["worker"],
    "runs": [
        {
            "choice": [],
            "bars": [{"lane": "worker", "start": 1, "end": 4, "state": "done", "text": "load"}],
            "frames": [{"step": "03:21", "log": ["load ran"]}],
        }
    ],
}


def test_a_still_picture_stands_in_the_place_of_its_fence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(components, "SNIPPETS", tmp_path)
    (tmp_path / "night.json").write_text(json.dumps(STILL), encoding="utf-8")
    fence = [
        "    ```picture",
        '    --8<-- "night.json"',
        "    Look at",
        "    the gap.",
        "    ```",
        "on",
    ]
    kept: list[str] = []
    lines = list(with_drawn_fences(PAGE, fence, kept))
    assert lines[0] == "    course-html-0"
    assert "[night.py](snippet:night.py)" in lines[2]
    assert lines[-1] == "on"
    assert 'data-state="done"' in kept[0]
    assert "<figcaption>Look at the gap.</figcaption>" in kept[0]


def test_a_picture_that_is_only_shown_how_to_write_stays_as_it_is() -> None:
    lines = ["```picture", ';--8<-- "<course>/<chapter>/<idea>.json"', "```"]
    assert list(with_drawn_fences(PAGE, lines, [])) == lines


def test_a_diff_is_of_two_sections() -> None:
    idea = "anatomy-of-a-broken-pipeline/silent-success/empty_listing.py"
    fence = ["```diff", f'--8<-- "{idea}:load"', f'--8<-- "{idea}:fix"', "```"]
    shown = list(with_drawn_fences(PAGE, fence, []))
    assert shown[0] == "```diff"
    assert shown[-1] == "```"
    assert {line[:1] for line in shown[1:-1]} == {"+", "-"}


def test_a_diff_that_is_typed_stays_as_it_is() -> None:
    fence = ["```diff", "-retries=0", "+retries=3", "```"]
    assert list(with_drawn_fences(PAGE, fence, [])) == fence


NIGHT = "anatomy-of-a-broken-pipeline/silent-success/night_screens_airflow"


def screen(*rows: str) -> tuple[list[str], str]:
    """Draw the dialog that clears; return its Markdown and the HTML of its picture."""
    kept: list[str] = []
    fence = ["```screen", f'--8<-- "{NIGHT}.json:clear"', *rows, "```"]
    lines = list(with_drawn_fences(PAGE, fence, kept))
    return lines, kept[0]


def test_a_screen_has_its_words_its_size_and_a_number_for_each_mark() -> None:
    _, picture = screen('A dialog of "Airflow".', "running: On.", "downstream: On too.")
    found = screens.read(SNIPPETS / f"{NIGHT}.json").screens["clear"]
    assert f'width="{found.width}" height="{found.height}"' in picture
    assert 'alt="A dialog of &quot;Airflow&quot;." ' in picture and 'loading="lazy"' in picture
    assert f'src="../../snippets/{NIGHT}.clear.webp"' in picture
    assert re.findall(r">(\d)</text>", picture) == ["1", "2"]
    down = [float(y) for y in re.findall(r'circle cx="[\d.]+%" cy="([\d.]+)%"', picture)]
    assert down == [found.marks[mark].at[1] for mark in ("running", "downstream")]


def test_what_the_marks_say_stands_below_in_their_order() -> None:
    lines, _ = screen("A dialog.", "running: On: *really*.", "downstream: On too.")
    assert "1. On: *really*." in lines and "2. On too." in lines
    assert f"`python3 noxfile.py record {NIGHT}.py`" in "\n".join(lines)
    assert (lines[0], lines[-1]) == ('<div class="screen" markdown="1">', "</div>")
