"""Names in queries: what the reader puts their own in the place of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tooling.course.course import Course
from tooling.course.names import Fence, day_of, fences, places
from tooling.rules import Problem, rule
from tooling.rules.structure import where

# What a machine has set already, and what a reader sets once for a shell: addresses and a secret,
# which no page may ask for.
OF_THE_TOOLS = {"$AIRFLOW_HOME", "$DAGSTER_HOME", "$AIRFLOW", "$DAGSTER", "$TOKEN"}
PLACEHOLDER = re.compile(r"<[a-z][\w ]*>|\$\{?[A-Z][A-Z_]+|\b(?:my|your)_\w+")
COMPARED = re.compile(
    r"\b(?:dag_id|task_id|run_id|conn_id|step_key|pipeline_name) (?:=|LIKE) '([^']+)'"
    r"|--(?:dag-id|deployment|prefix)[ =]'?([\w-]+)"
)


@rule
def names_that_can_be_filled_in(course: Course) -> Iterator[Problem]:
    """A query or a command names only what a reader's own names can be put in the place of.

    `WHERE dag_id = 'nightly' AND run_id = '<run id>'`. The names, and where each is looked for,
    stand in `tooling/course/names.py`. It holds for the symptoms, *Is it safe to re-run?* and the
    queries below a card.
    """
    for page in course.pages.values():
        day = day_of(page)
        for fence in fences(page):
            filled = [range(p.start, p.end) for p in places(fence.language, fence.code, day)]
            for start, text in asked(fence):
                if not any(start in place for place in filled):
                    line = fence.line + fence.code.count("\n", 0, start)
                    what = f"`{text}` is no name that a reader can fill in"
                    fix = "use one of tooling/course/names.py, such as `nightly`, or add it there"
                    yield Problem(where(page), line, what, fix)


def asked(fence: Fence) -> Iterator[tuple[int, str]]:
    """Walk over what a reader has to replace in a fence: where it begins, and how it reads."""
    for match in PLACEHOLDER.finditer(fence.code):
        if match[0].replace("{", "") not in OF_THE_TOOLS:
            yield match.start(), match[0]
    for match in COMPARED.finditer(fence.code):
        group = match.lastindex or 0
        yield match.start(group), match[group]
