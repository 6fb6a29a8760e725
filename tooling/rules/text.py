"""How text is written: what an editor, a merge or a hurry leaves behind and a builder misreads."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator

from testbed.tools import TOOLS
from tooling.course.course import Course
from tooling.course.lines import FENCE, Line, lines_of
from tooling.course.pages import Page
from tooling.rules import Problem, rule
from tooling.rules.blocks import CODE, blocks_of, without_code
from tooling.rules.files import ROOMS, below_root, files
from tooling.rules.structure import where

SOURCES = ("docs", "packages", "snippets", "tests", "tooling")
WRITTEN = {".md", ".py", ".mmd"}  # by hand
RECORDED = {".out", ".json", ".svg", ".ipynb"}
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
CONFLICT = re.compile(r"(<{7}|>{7}|\|{7})( |$)|={7}$")
LATER = re.compile(r"\b(TODO|FIXME|XXX)\b")
TYPOGRAPHIC = re.compile("[“”„‘’‚«»‹›–—\u00a0\u2007\u202f]")
CROWDED = "a fence right below other text"
QUOTED = re.compile(r" *>[> ]*(`{3}|~{3})")
OPENING = re.compile(r" *(`{3,}|~{3,})([a-z]+| \{( \.[a-z]+)+ \})")
BOX = re.compile(r"( *)(\?{3}\+?|!{3}|={3}[!+]?)(?: +(.*))?")
KINDS = ("right", "wrong", "guess", "reveal", "tool", "tested", "note", "warning")
TITLED = re.compile(r'(\w+)(?: "[^"]+")?')
LABEL = re.compile(r'"([^"]+)"')
DELIMITER = re.compile(r" *\|(?: *:?-+:? *\|)+")
PIPE = re.compile(r"(?<!\\)\|")


@rule
def files_are_text(course: Course) -> Iterator[Problem]:
    """What is written by hand is UTF-8 with LF line ends and without invisible characters.

    `.editorconfig` has an editor do so. While a file cannot be read, nothing else is checked.
    """
    for file in files(course, *SOURCES):
        if file.suffix in WRITTEN | RECORDED:
            data = file.read_bytes()
            for at, what, fix in text_problems(data, typed=file.suffix in WRITTEN):
                line = data.count(b"\n", 0, at) + 1
                yield Problem(below_root(course, file), line, what, fix)


def text_problems(data: bytes, typed: bool) -> Iterator[tuple[int, str, str]]:
    """Find the first reason why a file is no plain text: where, problem, fix."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield error.start, "not UTF-8", "save the file as UTF-8"
        return
    if typed and (match := INVISIBLE.search(text)):
        at = len(text[: match.start()].encode())
        if match[0] == "\r":
            yield at, "CRLF line ends", "save the file with LF line ends"
        else:
            name = unicodedata.name(match[0], "control character").lower()
            what = f"an invisible character, {name} (U+{ord(match[0]):04X})"
            yield at, what, "delete it"


def written(course: Course, *rooms: str) -> Iterator[tuple[str, str]]:
    """Walk over what is written by hand: path below the root, text."""
    for file in files(course, *rooms):
        if file.suffix in WRITTEN:
            yield below_root(course, file), file.read_text(encoding="utf-8")


@rule
def lines_end_clean(course: Course) -> Iterator[Problem]:
    """No tab, and no space at the end of a line; a file ends with one line end.

    To Markdown two spaces at the end are a line break, and a tab is one column or four.
    """
    for path, text in written(course, *SOURCES):
        if "\t" in text or " \n" in text:
            for number, line in enumerate(text.split("\n"), 1):
                if "\t" in line:
                    yield Problem(path, number, "a tab", "use spaces")
                elif line.endswith(" "):
                    yield Problem(path, number, "a space at the end of the line", "delete it")
        if text and (not text.endswith("\n") or text.endswith("\n\n")):
            last = text.count("\n") + (not text.endswith("\n"))
            yield Problem(path, last, "no single line end at the end", "end with one line end")


@rule
def merges_are_finished(course: Course) -> Iterator[Problem]:
    """Nothing of a merge conflict is left standing: keep one version, and delete the marks."""
    for path, text in written(course, *SOURCES):
        if "<<<<<<<" in text or ">>>>>>>" in text:
            for number, line in enumerate(text.split("\n"), 1):
                if CONFLICT.match(line):
                    what = f"`{line[:7]}` of a merge conflict"
                    yield Problem(path, number, what, "keep one version")


@rule
def notes_are_done(course: Course) -> Iterator[Problem]:
    """No note says what is still to do: `TODO`, `FIXME`, `XXX`; in programs and tests neither.

    What cannot be done now is an issue of the repository.
    """
    for path, text in written(course, *ROOMS):
        if LATER.search(text):
            for number, line in enumerate(text.split("\n"), 1):
                if match := LATER.search(line):
                    what = f"`{match[0]}` is still there"
                    yield Problem(path, number, what, "do it, and delete the note")


@rule
def fences_closed(course: Course) -> Iterator[Problem]:
    """A code fence is opened with a language, filled and closed at the same indentation.

    Or the rest of the page becomes code, or the code becomes part of the page. Close three
    backticks by three backticks on a line of their own.
    """
    for page in course.pages.values():
        lab = page.kind == "lab"  # whose cells are read one by one
        for line, what, fix in fence_problems(lines_of(page)):
            if not (lab and what == CROWDED):
                yield Problem(where(page), line, what, fix)


def fence_problems(lines: Iterable[Line]) -> Iterator[tuple[int, str, str]]:
    """Walk over what is wrong with the fences of a page: line, problem, fix."""
    opened, indent, mark, above = 0, "", "", ""
    for line in lines:
        if line.fence is None and QUOTED.match(line.text):
            yield line.number, "a fence in a quotation", "write the fence below it"
        match = FENCE.match(line.text) if line.fence is not None else None
        if match and not opened:
            opened, indent, mark = line.number, line.text[: match.start(1)], match[1]
            if above.strip():
                yield line.number, CROWDED, "leave a line blank above it"
            if not OPENING.fullmatch(line.text):
                fix = f"write `{mark}` and a language, such as `{mark}sql`"
                yield line.number, "a fence that may not open", fix
        elif match and match[1].startswith(mark) and not match[2]:
            if line.text != indent + mark:
                fix = f"write `{mark}` below the first character of its opening"
                yield line.number, "a fence that may not close", fix
            opened = 0
        elif opened and line.text.strip() and not line.text.startswith(indent):
            yield line.number, "a line that leaves its fence", f"indent it by {len(indent)} spaces"
        above = line.text
    if opened:
        yield opened, "a fence that is not closed", "close it"


@rule
def code_is_typed_plainly(course: Course) -> Iterator[Problem]:
    """Code on a page has straight quotes, plain hyphens and plain spaces, so that it can be pasted.

    ```bash
    airflow dags list-runs nightly --state failed
    ```
    """
    for page in course.pages.values():
        for line in lines_of(page) if page.kind != "lab" else ():  # whose code is a program
            if line.fence is not None and (match := TYPOGRAPHIC.search(line.text)):
                yield typographic(page, line, match[0])
        for block in blocks_of(page):
            for code in CODE.finditer(block.text) if "`" in block.text else ():
                if match := TYPOGRAPHIC.search(code[2]):
                    yield typographic(page, block.line_at(code.start()), match[0])


def typographic(page: Page, line: Line, character: str) -> Problem:
    """Say which character was made for prose and stands in code."""
    what = f"{unicodedata.name(character).lower()} `{character}` in code"
    return Problem(where(page), line.number, what, "type it as a program reads it")


@rule
def boxes_hold_their_text(course: Course) -> Iterator[Problem]:
    """The text of an answer, a note or a tab stands below its mark, indented by four more spaces.

    ```markdown
    ??? right "The loop had nothing to run over"
        The listing was empty, and a loop over nothing succeeds.
    ```

    The marks: `??? right "…"`, `??? wrong "…"`, `!!! guess "…"`, `??? reveal "…"`, `??? tool "…"`,
    `??? tested "…"`, `!!! note`, `!!! warning`, `=== "Airflow"`.
    """
    for page in course.pages.values():
        for line, what, fix in box_problems(lines_of(page)):
            yield Problem(where(page), line, what, fix)


def box_problems(lines: Iterable[Line]) -> Iterator[tuple[int, str, str]]:
    """Walk over what is wrong with the boxes of a page: line, problem, fix."""
    open_: list[int] = []  # the indentation of each box around this line
    empty, after = 0, ""  # the line of a box without text yet, and the line above this one
    for line in lines:
        if not (words := line.text.strip()):
            after = ""
            continue
        indent = len(line.text) - len(line.text.lstrip())
        box = BOX.fullmatch(line.text) if line.fence is None else None
        if empty and indent != open_[-1] + 4:
            yield empty_box(empty, line, indent, open_[-1])
        elif open_ and open_[-1] < indent < open_[-1] + 4:
            fix = f"indent it by {open_[-1] + 4} spaces"
            yield line.number, "a line that is only half in its box", fix
        empty = 0
        left = [one for one in open_ if one < indent]
        if after and not box and len(left) < len(open_) and not words.startswith("</"):
            fix = f"indent it by {open_[-1] + 4} spaces, or leave a line blank above it"
            yield line.number, "a line that has left its box", fix
        open_, after = left, words
        if box:
            if problem := mark_problem(box[2], box[3] or ""):
                yield line.number, *problem
            open_, empty = [*open_, indent], line.number
    if empty:
        yield empty, "a box without text", "write its text below, indented by four spaces more"


def empty_box(box: int, line: Line, indent: int, outer: int) -> tuple[int, str, str]:
    """Say that the first text after a box's mark does not stand in it."""
    if indent <= outer:
        return box, "a box without text", f"indent its text by {outer + 4} spaces"
    what = f"the text of a box, indented by {indent} spaces"
    return line.number, what, f"indent it by {outer + 4}"


def mark_problem(mark: str, rest: str) -> tuple[str, str] | None:
    """Say what is wrong with the line that opens a box."""
    if mark.startswith("="):
        return None if LABEL.fullmatch(rest) else (f"`{mark} {rest}`", 'write `=== "Label"`')
    match = TITLED.fullmatch(rest)
    if not match:
        return f"`{mark} {rest}`", f'write `{mark} {KINDS[0]} "Title"`'
    if match[1] not in KINDS:
        guess = difflib.get_close_matches(match[1], KINDS, n=1)
        fix = f"write `{guess[0]}`" if guess else f"write one of {', '.join(KINDS)}"
        return f"a box of kind `{match[1]}`", fix
    return None


@rule
def tabs_are_tools(course: Course) -> Iterator[Problem]:
    """In a chapter and in an entry a tab is a tool, under its own name and once in a set.

    ```markdown
    === "Airflow"
    ```
    """
    titles = [tool.title for tool in TOOLS.values()]
    for page in course.of_kind("chapter", "symptom", "term"):
        seen: set[str] = set()
        for line in lines_of(page):
            box = BOX.fullmatch(line.text) if line.fence is None else None
            label = LABEL.fullmatch(box[3] or "") if box and box[2].startswith("=") else None
            if label and label[1] not in titles:
                guess = difflib.get_close_matches(label[1].title(), titles, n=1)
                fix = f"write `{guess[0]}`" if guess else f"it can be {', '.join(titles)}"
                yield Problem(where(page), line.number, f"a tab `{label[1]}`", fix)
            elif label and label[1] in seen:
                yield Problem(where(page), line.number, f"a second tab `{label[1]}`", "use one")
            if label:
                seen.add(label[1])
            elif line.text and not line.text.startswith("    "):
                seen.clear()


@rule
def tables_are_even(course: Course) -> Iterator[Problem]:
    """Every row of a table has as many cells as its head.

    ```markdown
    | Tool | Name |
    |---|---|
    | Airflow | `run_id` |
    ```

    A bar that is meant as such stands in code, or is written `\\|`.
    """
    for page in course.pages.values():
        for block in blocks_of(page):
            rows = [line for line in block.lines if line.text.lstrip().startswith("|")]
            if not rows:
                continue
            if len(rows) < 2 or not DELIMITER.fullmatch(rows[1].text):
                fix = "write `|---|---|` below the head"
                yield Problem(where(page), rows[0].number, "a table without a head", fix)
                continue
            wanted = cells(rows[0].text)
            for row in rows[1:]:
                if (found := cells(row.text)) != wanted:
                    what, fix = f"a row of {found} cells", f"its table's head has {wanted}"
                    yield Problem(where(page), row.number, what, fix)


def cells(row: str) -> int:
    """Count the cells of a table's row."""
    return len(PIPE.findall(without_code(row).strip().removeprefix("|").removesuffix("|"))) + 1
