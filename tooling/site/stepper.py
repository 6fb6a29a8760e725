"""A page's table of questions, one question at a time: the table is the only source.

Each row is a question with where yes and no lead: to another question, or to a section of the page,
whose heading is the verdict. All steps are there at once, so that nothing moves when one is shown;
without scripts they are a list whose links lead on.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tooling.course.course import Course
from tooling.course.pages import Page, PageError

ROW = re.compile(r"^\| (\d)\. (.+?) \| (.+?) \| (.+?) \|$", re.M)
NEXT = re.compile(r"Question (\d)$")
VERDICT = re.compile(r"\[[^\]]+\]\(#([\w-]+)\)$")
STOPPED = re.compile(
    r"^\| Question (\d) \| (.+?) \| (.+?) \|$", re.M
)  # what to do until it is safe
UNKNOWN = re.compile(r"^\*I do not know\* is [^\n]+(?:\n\S[^\n]*)*", re.M)


class Question(NamedTuple):
    """A row of the table."""

    number: str
    text: str
    yes: str
    no: str


def stepper(course: Course, page: Page, edition: str) -> str:
    """Write the steps of a page's table: its questions, then every verdict with its reason."""
    questions = [Question(*row) for row in ROW.findall(page.text)]
    if not questions:
        raise PageError(
            f"docs/{page.source}", 1, "it has no table of questions for `<!-- stepper -->`"
        )
    steps = [question(page, one, len(questions)) for one in questions]
    steps += [verdict(page, name) for name in dict.fromkeys(ends(page, questions))]
    shown = steps[0].replace("<li ", '<li data-shown="" ', 1)
    inner = "\n\n".join([shown, *steps[1:]])
    return (
        '<ol class="stepper" markdown="1">\n' + inner + "\n</ol>\n"
        '<p class="stepper-status" role="status"></p>'
    )


def ends(page: Page, questions: list[Question]) -> list[str]:
    """Name each way in which the questions can end, in their order."""
    cells = [(one.number, cell) for one in questions for cell in (one.yes, one.no)]
    found = [step_of(page, number, cell) for number, cell in cells]
    return [*(one for one in found if not one.startswith("question-")), "unknown"]


def step_of(page: Page, number: str, cell: str) -> str:
    """Return the step to which a cell leads: touching nothing has a reason for each question."""
    if match := NEXT.match(cell):
        return f"question-{match[1]}"
    if match := VERDICT.match(cell):
        return f"{match[1]}-{number}" if number in reasons(page) else match[1]
    raise PageError(
        f"docs/{page.source}", 1, f"`{cell}` names no question and no section of this page"
    )


def reasons(page: Page) -> dict[str, str]:
    """Read what has to happen first where a question stops everything."""
    return {
        number: f"{first}. Ask again when {until}."
        for number, first, until in STOPPED.findall(page.text)
    }


def question(page: Page, one: Question, total: int) -> str:
    """Write a question with its answers; where it stops, *I do not know* stops too."""
    links = [answer("Yes", step_of(page, one.number, one.yes))]
    links += [answer("No", step_of(page, one.number, one.no)), answer("I do not know", "unknown")]
    says = f"Question {one.number} of {total}"
    return step(f"question-{one.number}", says, one.text, "", " ".join(links))


def answer(text: str, target: str) -> str:
    """Write an answer as a link, which also leads on where no script answers it."""
    href = target if target.startswith("question-") else target.split("-")[0]
    href = "nothing" if target == "unknown" else href
    return f'[{text}](#{href}){{ .stepper-answer data-go="{target}" }}'


def verdict(page: Page, name: str) -> str:
    """Write a verdict: the heading of its section, the reason, and where to read on."""
    section, _, number = name.partition("-")
    section = "nothing" if name == "unknown" else section
    match = re.search(rf"^## (.+) \{{ #{section} \}}\n\n((?:\S.*\n)+)", page.text, re.M)
    if not match:
        raise PageError(f"docs/{page.source}", 1, f"there is no section `{{ #{section} }}`")
    title, first = match[1], " ".join(match[2].split())
    if name == "unknown" and (said := UNKNOWN.search(page.text)):
        reason = " ".join(said[0].split())
    else:
        reason = reasons(page)[number] if number else f"{first.split('. ')[0].rstrip('.:')}."
    read = "[Where to look](#look)" if name == "unknown" else f"[Read on](#{section})"
    return step(name, "Verdict", title, reason, f"{read}{{ .stepper-answer }}")


def step(name: str, says: str, title: str, reason: str, links: str) -> str:
    """Write a step: where one is, the question or the verdict, and the way on."""
    kind = "question" if name.startswith("question-") else "verdict"
    buttons = '<button type="button" data-go="back">Back</button>' if name != "question-1" else ""
    body = [
        f"{says}\n{{ .stepper-says }}",
        f"**{title}**\n{{ .stepper-title tabindex=-1 }}",
        reason,
        links,
    ]
    return (
        f'<li id="{"step-" * (kind == "verdict")}{name}" class="stepper-{kind}" data-step="{name}" '
        f'markdown="block">\n\n'
        + "\n\n".join(filter(None, body))
        + f"\n\n<p>{buttons}</p>\n\n</li>"
    )
