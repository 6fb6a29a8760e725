"""What the extension makes of a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from testbed.sandbox import ROOT
from testbed.tools import AIRFLOW
from tooling.course.course import Course
from tooling.course.pages import DIRECTIVES, OF_TERMS, plain
from tooling.course.reading import reading_minutes
from tooling.site import components, extension
from tooling.site.extension import (
    cut,
    with_diffs,
    with_exercises,
    with_pictures,
    with_simulators,
    with_snippet_feet,
)

CHAPTER = "anatomy-of-a-broken-pipeline/silent-success.md"
LINES = ["# Title", "above", "<!-- more -->", "below"]


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.read(ROOT)


def test_free_edition_is_cut() -> None:
    shown = "\n".join(cut(LINES, "free"))
    assert "above" in shown
    assert "below" not in shown
    assert "preview" in shown


def test_full_edition_is_whole_and_shows_no_mark() -> None:
    assert cut(LINES, "full") == ["# Title", "above", "below"]


def test_a_page_without_a_mark_is_whole_in_both() -> None:
    assert cut(["# Title", "text"], "free") == ["# Title", "text"]


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
    return list(with_exercises(fence, kept)), kept


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


def test_html_of_ours_may_stand_in_a_fold(course: Course) -> None:
    embed = '--8<-- "pipeline-quality-vs-data-quality/two-axes/quadrant.json"'
    fence = [f"    {line}" for line in ("```simulator", embed, "```")]
    kept: list[str] = []
    lines = list(with_simulators(course.pages[CHAPTER], fence, kept))
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
    lines = list(with_pictures(fence, kept))
    assert lines[0] == "    course-html-0"
    assert "[night.py](snippet:night.py)" in lines[2]
    assert lines[-1] == "on"
    assert 'data-state="done"' in kept[0]
    assert "<figcaption>Look at the gap.</figcaption>" in kept[0]


def test_a_picture_that_is_only_shown_how_to_write_stays_as_it_is() -> None:
    lines = ["```picture", ';--8<-- "<course>/<chapter>/<idea>.json"', "```"]
    assert list(with_pictures(lines, [])) == lines


def test_a_diff_is_of_two_sections() -> None:
    idea = "anatomy-of-a-broken-pipeline/silent-success/empty_listing.py"
    fence = ["```diff", f'--8<-- "{idea}:load"', f'--8<-- "{idea}:fix"', "```"]
    shown = list(with_diffs(fence))
    assert shown[0] == "```diff"
    assert shown[-1] == "```"
    assert {line[:1] for line in shown[1:-1]} == {"+", "-"}


def test_a_diff_that_is_typed_stays_as_it_is() -> None:
    fence = ["```diff", "-retries=0", "+retries=3", "```"]
    assert list(with_diffs(fence)) == fence


def test_a_page_may_have_the_directives_that_are_filled_in() -> None:
    assert set(extension.DIRECTIVES) == set(DIRECTIVES)
    assert set(extension.OF_TERMS) == set(OF_TERMS)


@pytest.mark.parametrize(
    ("minutes", "words"), [(14, "14 min"), (60, "1 h"), (113, "1 h 53 min"), (0, "0 min")]
)
def test_duration(minutes: int, words: str) -> None:
    assert components.duration(minutes) == words


def test_course_page_lists_its_chapters(course: Course) -> None:
    page = course.pages["anatomy-of-a-broken-pipeline/index.md"]
    listed = components.chapters(course, page, "full")
    chapter = course.pages[CHAPTER]
    assert "[Silent Success](silent-success.md)" in listed
    assert chapter.meta.promise in listed
    assert "14 min" in listed
    assert "Free" in listed


def test_track_page_adds_up_its_courses(course: Course) -> None:
    page = course.pages["tracks/pipeline-failure-modes/index.md"]
    minutes = sum(chapter.meta.minutes for chapter in components.chapters_below(course, page))
    assert components.duration(minutes) in components.landing_head(course, page, "full")


def test_a_term_knows_where_it_is_used(course: Course) -> None:
    page = course.pages["glossary/silent-success.md"]
    assert components.used_in(course, page).split("\n")[2] == f"- [Silent Success](../{CHAPTER})"


def test_locked_version_is_read_from_the_lock() -> None:
    lock = (ROOT / "requirements" / "airflow.txt").read_text()
    assert f"\napache-airflow=={components.locked_version(AIRFLOW)} \\" in f"\n{lock}"


def test_of_a_set_of_tabs_the_longest_counts(course: Course, tmp_path: Path) -> None:
    import dataclasses

    words = "word " * 200
    tabs = f'=== "A"\n\n    {words}\n\n=== "B"\n\n    {words}{words}\n\nEnd.'
    page = dataclasses.replace(course.pages[CHAPTER], text=tabs)
    assert reading_minutes(page, tmp_path) == pytest.approx(2.0, abs=0.05)


def test_of_a_guess_the_wrong_answers_do_not_count(course: Course, tmp_path: Path) -> None:
    import dataclasses

    words = "word " * 200
    answers = [f'    ??? {kind} "B"\n        {words}\n' for kind in ("wrong", "right")]
    guess = '!!! guess "A"\n\n' + "\n".join(answers)
    question = f'??? wrong "D"\n    {words}\n'
    page = dataclasses.replace(course.pages[CHAPTER], text=f"{guess}\n{question}")
    assert reading_minutes(page, tmp_path) == pytest.approx(2.0, abs=0.05)


def test_a_diff_is_read_once(course: Course, tmp_path: Path) -> None:
    import dataclasses

    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets" / "a.py").write_text("one\n" * 30)
    embeds = '--8<-- "a.py"\n' * 2
    page = dataclasses.replace(course.pages[CHAPTER], text=f"```diff\n{embeds}```\n")
    assert reading_minutes(page, tmp_path) == pytest.approx(2.0)


def test_outside_a_build_there_is_no_current_page() -> None:
    from markdown import Markdown

    md = Markdown(extensions=["tooling.site.extension"])
    assert extension.current_page(md) is None
    assert (
        md.convert("<!-- chapters -->\n\n[x](y.md)")
        == '<!-- chapters -->\n\n<p><a href="y.md">x</a></p>'
    )


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("`task_instance_history`, a table", "task_instance_history, a table"),
        ("a *good* and **better** _one_", "a good and better one"),
        ("[`retry`](https://example.org/x) of [it](y.md)", "retry of it"),
        ("`a * b` and `c * d`", "a * b and c * d"),
    ],
)
def test_plain_words_keep_what_is_in_code(markdown: str, words: str) -> None:
    assert plain(markdown) == words
