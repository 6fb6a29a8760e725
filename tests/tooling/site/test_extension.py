"""What the extension makes of a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.sandbox import ROOT
from testbed.tools import AIRFLOW
from tooling.course.course import Course
from tooling.course.pages import DIRECTIVES, OF_TERMS, plain
from tooling.course.reading import reading_minutes
from tooling.site import components, extension
from tooling.site.extension import cut

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
