"""The glossary and the diagnosis: entries that hold together, and mentions that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tooling.course.course import Course
from tooling.course.lines import HEADING, ids_of, prose_of
from tooling.course.pages import Page
from tooling.course.schema import SymptomMeta, TermMeta
from tooling.rules import Problem, rule
from tooling.rules.links import CODE_SPAN, INLINE
from tooling.rules.structure import where

SECTIONS = {"term": ("why",), "symptom": ("check", "first", "not", "fix")}
LONGEST_DEFINITION = 240  # characters: a preview is read at a glance
SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z])")


@rule
def entries_are_whole(course: Course) -> Iterator[Problem]:
    """A term says why it matters; a symptom has its check, first action, warning and fix.

    ```markdown
    ## Why it matters at 3 a.m. { #why }
    ```

    A term: `why`. A symptom: `check`, `first`, `not`, `fix`.
    """
    for page in course.of_kind("term", "symptom"):
        there = {one for _, one in ids_of(page)}
        for section in SECTIONS[page.kind]:
            if section not in there:
                fix = f"add `## … {{ #{section} }}`"
                yield Problem(where(page), page.first_line, f"no section `#{section}`", fix)


@rule
def definitions_are_sentences(course: Course) -> Iterator[Problem]:
    """A term's first paragraph is its definition: one plain sentence, at most 240 characters.

    It is the preview that readers see on a mention, so it has no links and no code.
    """
    for page in course.terms:
        body = re.sub(r"\A.*?^# .+?$\s*", "", page.text, count=1, flags=re.S | re.M)
        raw = body.split("\n\n")[0].strip()
        line = page.first_line + page.text[: page.text.find(raw)].count("\n")
        if INLINE.search(raw) or "`" in raw:
            yield Problem(where(page), line, "a link or code in the definition", "use plain words")
        elif SENTENCE_END.search(raw) or not raw.endswith("."):
            fix = "define the term in one sentence, and go on in the next paragraph"
            yield Problem(where(page), line, "the definition is not one sentence", fix)
        elif len(page.lead) > LONGEST_DEFINITION:
            what = f"a definition of {len(page.lead)} characters"
            yield Problem(where(page), line, what, f"say it in {LONGEST_DEFINITION}")


@rule
def definitions_are_no_circle(course: Course) -> Iterator[Problem]:
    """Two definitions do not lean on each other: one of them must stand on plainer words."""
    terms = course.terms
    uses = {
        term.id: {other.id for other in terms if other is not term and says(term.lead, other.title)}
        for term in terms
    }
    for term in terms:
        for other in sorted(uses[term.id]):
            if term.id in uses[other] and term.id < other:
                what = f"defined by `{other}`, which is defined by `{term.id}`"
                yield Problem(where(term), page_line(term), what, "define one in plainer words")


def page_line(page: Page) -> int:
    """Return the line of a page's title."""
    return next(line.number for line in prose_of(page) if line.text.startswith("# "))


def says(text: str, words: str) -> bool:
    """Tell whether a text says these words, whatever their case; a plural counts."""
    if words.casefold() not in text.casefold():  # as almost always, and reported far sooner
        return False
    return re.search(rf"\b{re.escape(words)}s?\b", text, re.I) is not None


@rule
def names_lead_to_one_term(course: Course) -> Iterator[Problem]:
    """A word leads to one term: no alias is the title or an alias of another."""
    owner: dict[str, Page] = {term.title.casefold(): term for term in course.terms}
    for term in course.terms:
        for alias in term.meta.aliases:
            other = owner.setdefault(alias.casefold(), term)
            if other is not term:
                what = f"alias `{alias}` already leads to docs/{other.uri}"
                yield Problem(where(term), term.line_of("aliases"), what, "keep it in one")
            elif alias.casefold() == term.title.casefold():
                what = f"alias `{alias}` is the title"
                yield Problem(where(term), term.line_of("aliases"), what, "drop it")


@rule
def false_friends_stand_once(course: Course) -> Iterator[Problem]:
    """A word that means other things elsewhere is explained in one term, the nearest.

    ```yaml
    false_friends:
      - word: queue
        airflow: a label that routes tasks to workers
        dagster: runs that wait for capacity
        prefect: a part of a work pool
        argo: null
        say: routing label, or waiting line
    ```
    """
    owner: dict[str, Page] = {}
    for term in course.terms:
        for friend in term.meta.false_friends:
            other = owner.setdefault(friend.word.casefold(), term)
            if other is not term:
                what = f"`{friend.word}` is already explained in docs/{other.uri}"
                yield Problem(where(term), term.line_of("false_friends"), what, "keep it in one")


@rule
def relations_exist(course: Course) -> Iterator[Problem]:
    """What front matter points to is there: related terms, a symptom's mode, chapter, snippet.

    ```yaml
    related: [effect-assertion, no-op-run]
    ```
    """
    for page in course.of_kind("term", "symptom"):
        for key, name, path in relations(page):
            if not (course.root / path).is_file():
                what = f"`{key}` names `{name}`, but there is no {path}"
                yield Problem(where(page), page.line_of(key), what, "fix the id")
            elif path == where(page):
                what = f"`{key}` names `{name}`, which is this page"
                yield Problem(where(page), page.line_of(key), what, "take it out")


def relations(page: Page) -> Iterator[tuple[str, str, str]]:
    """Walk over what an entry's front matter points to: key, name, path below the root."""
    meta = page.meta
    if isinstance(meta, TermMeta):
        for one in meta.related:
            yield "related", one, f"docs/glossary/{one}.md"
    if isinstance(meta, SymptomMeta):
        yield "mode", meta.mode, f"docs/glossary/{meta.mode}.md"
        if meta.chapter:
            yield "chapter", meta.chapter, f"docs/{meta.chapter}.md"
        if meta.snippet:
            yield "snippet", meta.snippet, f"snippets/{meta.snippet}"


@rule
def first_mention_is_linked(course: Course) -> Iterator[Problem]:
    """A chapter links a term at its first mention in each section that links it, and once.

    A term of two words or more is linked at its first mention in the chapter.

    ```markdown
    It is a [silent success](../glossary/silent-success.md).
    ```
    """
    of_words = [term for term in course.terms if re.search(r"[\s-]", term.title)]
    terms = [(term.title.casefold(), term) for term in of_words]
    for page in course.chapters:
        linked: set[tuple[str, str]] = set()
        known: set[str] = set()
        for line in prose_of(page):
            if HEADING.match(line.text) or line.text.lstrip().startswith(("|", "???", "===")):
                continue
            for target, words in term_links(line.text):
                if (line.section, target) in linked:
                    what = f"`{words}` is linked a second time in `#{line.section}`"
                    yield Problem(where(page), line.number, what, "link only the first mention")
                linked.add((line.section, target))
                known.add(target)
            rest = INLINE.sub(" ", CODE_SPAN.sub(" ", line.text))
            folded = rest.casefold()  # once, for the terms are many
            for title, term in terms:
                if title in folded and term.id not in known and says(rest, term.title):
                    known.add(term.id)
                    fix = f"write `[{term.title.lower()}](../glossary/{term.id}.md)`"
                    what = f"the first `{term.title.lower()}` is not linked"
                    yield Problem(where(page), line.number, what, fix)


def term_links(text: str) -> Iterator[tuple[str, str]]:
    """Walk over a line's links to the glossary: the term's id and the words linked."""
    for match in INLINE.finditer(text):
        if target := re.search(r"\.\./glossary/([\w-]+)\.md", match[3]):
            yield target[1], match[2]
