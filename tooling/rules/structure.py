"""Where a page lives, and whether the reader can get there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tooling.course.course import Course, Section
from tooling.course.lines import HEADING, ids_of, lines_of, prose_of
from tooling.course.pages import CATALOGUES, Page, kind_of
from tooling.rules import Problem, rule

KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")


@rule
def front_matter(course: Course) -> Iterator[Problem]:
    """Front matter is a closed schema: known keys, known values, nothing missing.

    ```yaml
    promise: After this you can make a job that did nothing fail loudly.
    level: beginner
    minutes: 14
    ```
    """
    for error in course.errors:
        what, _, fix = error.message.partition("; ")
        yield Problem(error.path, error.line, what, fix or "see docs/contribute/chapter.md")


@rule
def lists_name_things_once(course: Course) -> Iterator[Problem]:
    """A list of front matter names each thing once.

    ```yaml
    aliases: [silent failure, false success]
    ```
    """
    for page in course.pages.values():
        for key, value in page.meta:
            words = [one for one in value if isinstance(one, str)] if type(value) is list else []
            twice = {one for one in words if words.count(one) > 1 and not one.startswith("…")}
            for one in sorted(twice):
                what = f"`{key}` names `{one}` twice"
                yield Problem(where(page), page.line_of(key), what, "keep one of them")


@rule
def one_title(course: Course) -> Iterator[Problem]:
    """A page has one first-level heading, and it comes before all other text.

    ```markdown
    # Silent Success
    ```
    """
    for page in course.pages.values():
        titles = [line for line in prose_of(page) if line.text.startswith("# ")]
        first = next((line for line in prose_of(page) if line.text.strip()), None)
        if not titles:
            yield Problem(where(page), page.first_line, "no title", "begin with `# Title`")
        elif len(titles) > 1:
            yield Problem(where(page), titles[1].number, "a second `#` title", "use `##`")
        elif first and first != titles[0]:
            yield Problem(where(page), first.number, "text before the title", "put the title first")


@rule
def names(course: Course) -> Iterator[Problem]:
    """Names are words in kebab-case without numbers: order is data, an address is a promise.

    `silent-success.md`, never `01-silent-success.md` or `Silent_Success.md`.
    """
    pages = [where(page) for page in course.pages.values()]
    for path in [*pages, *(error.path for error in course.errors)]:
        for part in path.rpartition(".")[0].split("/")[1:]:
            if not KEBAB.fullmatch(part):
                fix = "use small letters and hyphens, no numbers"
                yield Problem(path, 1, f"`{part}` is not a name in kebab-case", fix)


@rule
def nav_complete(course: Course) -> Iterator[Problem]:
    """Every page is in `nav` once, and `nav` names no page that is missing.

    Entries of the glossary and of the diagnosis are not in `nav`: their index lists them.
    """
    listed = Counter(uri for section in walk(course.nav) for uri in section.pages)
    for section in walk(course.nav):
        for uri in section.pages:
            if uri not in course.pages and not (course.root / "docs" / uri).is_file():
                folder = (course.root / "docs" / uri).is_dir()
                what = f"`nav` names `{uri}`, which is {'a folder' if folder else 'not in docs/'}"
                fix = "name its pages" if folder else "write the page or drop the line"
                yield Problem("mkdocs.yml", section.lines[uri], what, fix)
    for page in course.pages.values():
        entry = kind_of(page.uri) in CATALOGUES.values()
        if listed[page.uri] != (0 if entry else 1):
            fix = f"list `{page.uri}` once in `nav` of mkdocs.yml"
            fix = "its catalogue lists it: take it out of `nav`" if entry else fix
            yield Problem(where(page), 1, f"in `nav` {listed[page.uri]} times", fix)


@rule
def nav_titles(course: Course) -> Iterator[Problem]:
    """A section of `nav` is called what its own page is called.

    ```yaml
    - Anatomy of a Broken Pipeline:
        - anatomy-of-a-broken-pipeline/index.md   # whose H1 is the same words
    ```
    """
    for section in walk(course.nav):
        first = section.pages[0] if section.pages else ""
        page = course.pages.get(first)
        if section.title and page and page.uri.endswith("index.md") and page.kind != "page":
            if section.title != page.title:
                what = f"section `{section.title}` opens with a page called `{page.title}`"
                yield Problem("mkdocs.yml", section.line, what, "call both the same")


@rule
def unique_ids(course: Course) -> Iterator[Problem]:
    """No two headings of a page have the same id: a link could only reach the first.

    ```markdown
    ## What it costs { #price }
    ```
    """
    for page in course.pages.values():
        seen: set[str] = set()
        for number, one in ids_of(page):
            if one in seen:
                yield Problem(
                    where(page), number, f"a second `#{one}`", "give it its own `{ #id }`"
                )
            seen.add(one)


@rule
def steps(course: Course) -> Iterator[Problem]:
    """Headings go down one level at a time, so that a screen reader's outline has no holes.

    `##` below `#`, `###` below `##`.
    """
    for page in course.pages.values():
        level = 1
        for line in prose_of(page):
            if match := HEADING.match(line.text):
                if len(match[1]) > level + 1:
                    fix = f"use `{'#' * (level + 1)}`"
                    yield Problem(where(page), line.number, f"`{match[1]}` skips a level", fix)
                level = len(match[1])


@rule
def parts_are_filled(course: Course) -> Iterator[Problem]:
    """A heading has something below it: text, code or headings of its own.

    Write the part, or take its heading out.
    """
    for page in course.pages.values():
        heading: tuple[int, int, str] | None = None  # level, line, text: nothing is below it yet
        for line in lines_of(page):
            match = HEADING.match(line.text) if line.fence is None else None
            if match:
                if heading and len(match[1]) <= heading[0]:
                    yield empty_part(page, *heading)
                heading = len(match[1]), line.number, match[2]
            elif line.text.strip():
                heading = None
        if heading:
            yield empty_part(page, *heading)


def empty_part(page: Page, level: int, line: int, title: str) -> Problem:
    """Say that a heading has nothing below it."""
    fix = "write it, or delete the heading"
    return Problem(where(page), line, f"nothing below `{'#' * level} {title}`", fix)


def where(page: Page) -> str:
    """Return a page's path below the root."""
    return f"docs/{page.source}"


def walk(section: Section) -> Iterator[Section]:
    """Walk over a section and all below it."""
    yield section
    for inner in section.sections:
        yield from walk(inner)
