"""What every chapter has: the ten parts, in order, in the time it promises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tooling.course.course import Course
from tooling.course.lines import HEADING, lines_of, prose_of
from tooling.course.pages import MORE, Page
from tooling.course.reading import reading_minutes
from tooling.rules import Problem, rule
from tooling.rules.code import embeds_broken_sections
from tooling.rules.links import CODE_SPAN
from tooling.rules.placeholders import placeholders_of
from tooling.rules.structure import where

PARTS = (
    *("page", "theory", "mechanism", "proof", "fix"),
    *("tools", "tradeoffs", "card", "check", "sources"),
)
TOLERANCE = 0.15
QUESTIONS = range(3, 6)


@rule
def ten_parts(course: Course) -> Iterator[Problem]:
    """A chapter has the ten parts, in order; headings are free, ids are not.

    ```markdown
    ## 03:12, and nothing pages { #page }
    ```

    The ids: `page`, `theory`, `mechanism`, `proof`, `fix`, `tools`, `tradeoffs`, `card`, `check`,
    `sources`.
    """
    for page in course.chapters:
        wanted = list(PARTS)
        last = page.first_line
        for line, one in second_level(page):
            last = line
            if not wanted or one != wanted[0]:
                fix = f"`#{wanted[0]}` comes next" if wanted else "the chapter ends with `#sources`"
                yield Problem(where(page), line, f"section `#{one}` out of place", fix)
                break
            wanted.pop(0)
        else:
            if wanted:
                what = f"no section `#{wanted[0]}`"
                yield Problem(
                    where(page), last, what, f"add `## … {{ #{wanted[0]} }}` after this one"
                )


def second_level(page: Page) -> Iterator[tuple[int, str]]:
    """Walk over a page's `##` headings: line and id."""
    for line in prose_of(page):
        match = HEADING.match(line.text)
        if match and match[1] == "##":
            yield line.number, line.section


@rule
def reading_time(course: Course) -> Iterator[Problem]:
    """A chapter takes the minutes that its front matter plans, within 15 %.

    Counted at 200 words a minute of prose, 15 lines of code a minute, 20 seconds a figure; of a
    set of tabs the longest counts, since a reader has one tool.
    Move material; do not pad, and do not cut a needed step.
    """
    for page in course.chapters:
        if any(placeholders_of(page)):
            continue  # it is not yet as long as it will be
        planned, found = page.meta.minutes, reading_minutes(page, course.root)
        off = abs(found - planned) > planned * TOLERANCE
        if off and not embeds_broken_sections(course, page):  # whose length nobody knows
            what = f"{found:.1f} minutes to read, {planned} planned"
            fix = f"bring it to {planned * (1 - TOLERANCE):.1f}–{planned * (1 + TOLERANCE):.1f}"
            yield Problem(where(page), page.line_of("minutes"), what, fix)


@rule
def preview_ends_once(course: Course) -> Iterator[Problem]:
    """`<!-- more -->` ends a chapter's preview: once, on a line of its own, only in a chapter.

    A chapter without it is free.
    """
    for page in course.pages.values():
        marks = [
            line
            for line in lines_of(page)
            if re.search(r"<!--\s*more", CODE_SPAN.sub("", line.text))
        ]
        for line in marks:
            if line.text != MORE:
                yield Problem(
                    where(page), line.number, "a mark that does not cut", f"write `{MORE}`"
                )
            elif page.kind != "chapter" or line is not marks[0] or line.fence is not None:
                fix = "keep it to one, in a chapter, outside code"
                yield Problem(where(page), line.number, "a cut out of place", fix)


@rule
def questions_answered(course: Course) -> Iterator[Problem]:
    """*Check yourself* has three to five questions; each has one right answer and says why not.

    ```markdown
    ### Why did the task take four seconds?

    ??? wrong "The SFTP server answered faster"
        It answered as fast as ever; there was nothing to fetch.

    ??? right "The loop had nothing to run over"
        The listing was empty, and a loop over nothing succeeds.
    ```
    """
    for page in course.chapters:
        questions = answers_by_question(page)
        if len(questions) not in QUESTIONS:
            heading = next((line for line, one in second_level(page) if one == "check"), 1)
            yield Problem(where(page), heading, f"{len(questions)} questions", "ask three to five")
        for line, answers in questions.items():
            if answers.count("right") != 1 or "wrong" not in answers:
                what = f"{answers.count('right')} right and {answers.count('wrong')} wrong answers"
                fix = "give one `??? right` and at least one `??? wrong`"
                yield Problem(where(page), line, what, fix)


def answers_by_question(page: Page) -> dict[int, list[str]]:
    """Return, by the line of each question, what kinds of answers it has."""
    questions: dict[int, list[str]] = {}
    for line in prose_of(page):
        if line.section == "check" and line.text.startswith("### "):
            questions[line.number] = []
        elif questions and (match := re.match(r"\?{3}\+? (right|wrong)\b", line.text)):
            questions[max(questions)].append(match[1])
    return questions


@rule
def needs_are_chapters(course: Course) -> Iterator[Problem]:
    """`needs` names chapters by their id, `<course>/<chapter>`.

    ```yaml
    needs: [anatomy-of-a-broken-pipeline/silent-success]
    ```
    """
    for page in course.chapters:
        for need in page.meta.needs:
            if f"{need}.md" not in course.pages:
                line, what = page.line_of("needs"), f"needs `{need}`, which is no chapter"
                yield Problem(where(page), line, what, "fix its id")


@rule
def needs_go_one_way(course: Course) -> Iterator[Problem]:
    """No chapter needs itself, not even by way of others: somewhere a reader has to begin.

    ```yaml
    needs: []
    ```
    """
    needs = {page.id: page.meta.needs for page in course.chapters}
    for page in course.chapters:
        seen, todo = set[str](), list(needs[page.id])
        while todo:
            one = todo.pop()
            todo += set(needs.get(one, ())) - seen
            seen |= {one, *needs.get(one, ())}
        if page.id in seen:
            what = f"needs itself, by way of {', '.join(f'`{one}`' for one in needs[page.id])}"
            fix = "take the need out that leads back"
            yield Problem(where(page), page.line_of("needs"), what, fix)
