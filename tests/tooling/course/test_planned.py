"""The chapters to come: each course's page lists its own, in order, and none that is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.site.components import to_come

COURSE = Course.read(ROOT)
UNITS = {  # chapters and lessons by course: 44 and 7
    "anatomy-of-a-broken-pipeline": 8,
    "pipeline-quality-vs-data-quality": 6,
    "dags-tasks-and-the-scheduler-loop": 7,
    "idempotency-and-state": 6,
    "scheduler-deep-dive": 10,
    "airflow-in-production": 7,
    "pipeline-orchestration": 7,
}


def test_written_and_planned_make_the_whole_course() -> None:
    ids = [*(page.id for page in COURSE.chapters), *COURSE.planned]
    assert Counter(one.partition("/")[0] for one in ids) == UNITS


def test_each_planned_chapter_has_a_night() -> None:
    assert set(COURSE.planned) <= set(COURSE.nights)


def test_a_courses_page_lists_its_own() -> None:
    page = COURSE.pages["airflow-in-production/index.md"]
    shown = to_come(COURSE, page)
    titles = [one.title for id_, one in COURSE.planned.items() if id_.startswith(page.uri[:-8])]
    assert titles
    assert [title for title in titles if title in shown] == titles
    assert shown.count("<small>") == len(titles)


def test_a_finished_course_has_nothing_to_come() -> None:
    done = replace(COURSE, planned={})
    assert to_come(done, COURSE.pages["airflow-in-production/index.md"]) == ""
