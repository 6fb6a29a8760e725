"""What every chapter has: the eleven parts, in order, in the time it promises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from tooling.course.course import Course
from tooling.course.embeds import Embed
from tooling.course.lines import HEADING, Line, lines_of, prose_of
from tooling.course.pages import MORE, Page, plain
from tooling.course.reading import reading_minutes
from tooling.course.simulation import read
from tooling.rules import Problem, rule
from tooling.rules.code import embeds_broken_sections
from tooling.rules.links import CODE_SPAN
from tooling.rules.placeholders import placeholders_of
from tooling.rules.structure import where

PARTS = (
    *("page", "theory", "mechanism", "proof", "fix", "turn"),
    *("tools", "tradeoffs", "card", "check", "sources"),
)
TOLERANCE = 0.25
QUESTIONS = range(3, 6)
ANSWERS = range(2, 5)
CARD = ("Don't", "Stop", "Ask", "Then fix")
CARD_WORDS = 120
BOX = re.compile(r'( *)(?:\?{3}\+?|!{3}) (\w+) "')
ROW = re.compile(r"\| ?(.*?) ?\|")


@rule
def eleven_parts(course: Course) -> Iterator[Problem]:
    """A chapter has the eleven parts, in order; headings are free, ids are not.

    ```markdown
    ## 03:12, and nothing pages { #page }
    ```

    The ids: `page`, `theory`, `mechanism`, `proof`, `fix`, `turn`, `tools`, `tradeoffs`, `card`,
    `check`, `sources`.
    """
    for page in course.chapters:
        wanted = [*PARTS]
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
    """A chapter takes the minutes that its front matter plans, within 25 %.

    Counted at 200 words a minute of prose, 15 lines of code a minute, 20 seconds a figure; of a
    set of tabs the longest counts, since a reader has one tool. `??? tool` and `??? tested` are
    not counted.
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
def guesses_answered(course: Course) -> Iterator[Problem]:
    """A guess has two to four answers, one of them right, and shows what happened last.

    ```markdown
    !!! guess "The folder is empty. What is the run's state in the morning?"

        ??? wrong "Failed"
            Nothing raised, so nothing told the orchestrator.

        ??? right "Success"
            The loop had nothing to run over, and the script reached its last line.

        ??? reveal "What it printed"
            The recorded output, or a simulator.
    ```
    """
    for page in course.pages.values():
        for line, boxes in guesses_of(page).items():
            answers = [kind for kind in boxes if kind in ("right", "wrong")]
            if len(answers) not in ANSWERS or answers.count("right") != 1:
                what = (
                    f"a guess with {len(answers)} answers, {answers.count('right')} of them right"
                )
                yield Problem(where(page), line, what, "give two to four, one of them right")
            elif boxes[-1] != "reveal" or boxes.count("reveal") != 1:
                what, fix = "a guess that shows nothing", 'end it with one `??? reveal "…"`'
                yield Problem(where(page), line, what, fix)


def guesses_of(page: Page) -> dict[int, list[str]]:
    """Return, by the line of each guess, the kinds of the boxes right inside of it."""
    guesses: dict[int, list[str]] = {}
    indent: int | None = None  # of the guess around this line
    for line in prose_of(page):
        match = BOX.match(line.text)
        if indent is not None and line.text and not line.text.startswith(" " * (indent + 1)):
            indent = None
        if match and match[2] == "guess":
            guesses[line.number], indent = [], len(match[1])
        elif match and indent is not None and len(match[1]) == indent + 4:
            guesses[max(guesses)].append(match[2])
    return guesses


@rule
def proof_is_guessed(course: Course) -> Iterator[Problem]:
    """In a chapter, `#proof` and each simulator ask before they show.

    A simulator stands in a guess's `reveal`, or a frame of it has a `question`.

    ```markdown
    !!! guess "The folder is empty. What is the run's state in the morning?"
    ```
    """
    for page in course.chapters:
        sections = {line.number: line.section for line in prose_of(page)}
        if not any(sections[line] == "proof" for line in guesses_of(page)):
            heading = next(line for line, one in second_level(page) if one == "proof")
            fix = 'ask with `!!! guess "…"` before the output'
            yield Problem(where(page), heading, "a proof without a guess", fix)
        for line, after in pairwise(lines_of(page)):
            if line.text == "```simulator" and not asks(course, after.embed):
                fix = "put it into the `reveal` of a guess, or print a `question` in a frame"
                yield Problem(where(page), line.number, "a simulator that does not ask", fix)


def asks(course: Course, embed: Embed | None) -> bool:
    """Whether a simulator has a question of its own; what cannot be read, another rule reports."""
    try:
        found = read(course.root / "snippets" / embed.path) if embed else None
    except (OSError, ValueError):
        return True
    return any(frame.question for run in (found.runs if found else []) for frame in run.frames)


@rule
def card_is_short(course: Course) -> Iterator[Problem]:
    """A card says four things in this order, in at most 120 words; its queries stand below it.

    ```markdown
    | | |
    |---|---|
    | Don't | Clear the run: it loads nothing again, and is green again |
    | Stop | Hold the dashboard's refresh |
    | Ask | Does the table have rows for that day? |
    | Then fix | Assert the effect in the load |
    ```
    """
    for page in course.chapters:
        lines = [line for line in prose_of(page) if line.section == "card"]
        rows = [match for line in lines if (match := ROW.match(line.text))]
        names = tuple(row[1].strip("* ") for row in rows)[2:]
        words = len(plain(re.sub(r"[|#]|<[^>]*>|-{3}", " ", "\n".join(boxed(lines)))).split())
        if names != CARD:
            what, fix = f"a card of {', '.join(names) or 'no rows'}", f"write {', '.join(CARD)}"
            yield Problem(where(page), lines[0].number, what, fix)
        elif words > CARD_WORDS:
            what, fix = f"a card of {words} words", f"bring it to {CARD_WORDS}, without its queries"
            yield Problem(where(page), lines[0].number, what, fix)


def boxed(lines: Iterable[Line]) -> Iterator[str]:
    """Walk over what stands in the card's own box."""
    inside = False
    for line in lines:
        inside = (inside or line.text.startswith('<div class="card"')) and line.text != "</div>"
        if inside:
            yield line.text


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
