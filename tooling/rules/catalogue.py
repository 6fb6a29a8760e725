"""The glossary and the diagnosis: entries that hold together, and mentions that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tooling.course.course import Course
from tooling.course.lines import HEADING, ids_of, lines_of, prose_of
from tooling.course.pages import Page
from tooling.course.schema import SymptomMeta, TermMeta
from tooling.rules import Problem, rule
from tooling.rules.links import CODE_SPAN, INLINE
from tooling.rules.structure import where

SECTIONS = {"term": ("why",), "symptom": ("now", "check", "causes", "fix")}
MOST_BEFORE_ACTION = 60  # words: somebody is awake and frightened
OF_A_DATABASE = re.compile(r"-- in Airflow's metadata database")  # which others may keep closed
LONGEST_DEFINITION = 240  # characters: a preview is read at a glance
SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z])")


@rule
def entries_are_whole(course: Course) -> Iterator[Problem]:
    """A term says why it matters; a symptom has its first action, check, causes and fix.

    ```markdown
    ## Why it matters at 3 a.m. { #why }
    ```

    A term: `why`. A symptom, in this order: `now`, `check`, `causes`, `fix`.
    """
    for page in course.of_kind("term", "symptom"):
        there = [one for _, one in ids_of(page)]
        wanted = SECTIONS[page.kind] if "first" not in there else ("check", "first", "not", "fix")
        for section in wanted:
            if section not in there:
                fix = f"add `## … {{ #{section} }}`"
                yield Problem(where(page), page.first_line, f"no section `#{section}`", fix)
        found = [one for one in there if one in wanted]
        if len(found) == len(wanted) and found != [*wanted]:
            fix = f"put them in this order: {', '.join(wanted)}"
            yield Problem(where(page), page.first_line, "the sections are in another order", fix)


@rule
def first_action_comes_first(course: Course) -> Iterator[Problem]:
    """A symptom's page begins with what to do now; at most 60 words stand before it.

    ```markdown
    ## Do now { #now }

    1. **First**: see whether a worker serves that queue.
    2. **Leave alone**: the task, the scheduler, and every limit.
    3. **The right page** if the state has been `queued` for minutes.
    ```
    """
    for page in course.of_kind("symptom"):
        lines = [line for line in prose_of(page) if line.section == "now"]
        items = [line for line in lines if re.match(r"\d\. ", line.text)]
        if lines and len(items) != 3:
            what = f"`#now` has {len(items)} items"
            fix = "write three: the first action, what to leave alone, how to know the page"
            yield Problem(where(page), lines[0].number, what, fix)
        elif lines:
            before = [one.text for one in prose_of(page) if one.number < items[0].number]
            words = sum(len(text.split()) for text in before if not HEADING.match(text))
            if words > MOST_BEFORE_ACTION:
                what = f"{words} words before the first action"
                fix = f"say what it is in {MOST_BEFORE_ACTION}"
                yield Problem(where(page), items[0].number, what, fix)


@rule
def checks_need_no_database(course: Course) -> Iterator[Problem]:
    """A check that asks a tool's own database comes after one that needs no access to it.

    Where the tool is managed by others, its database is closed. First comes a command or a request
    that anybody may make; the query is folded below it:

    ```markdown
    ??? tool "With access to the metadata database"
    ```
    """
    for page in course.of_kind("symptom"):
        open_ = False  # whether the tab, or the page without tabs, has a check for everybody
        for line in lines_of(page):
            if line.section != "check" or line.text.startswith('=== "'):
                open_ = False
            elif line.fence == "bash" and not line.text.strip().startswith("```"):
                open_ = True
            elif OF_A_DATABASE.match(line.text.strip()) and not open_ and has_now(page):
                fix = "put a command or a request to the API before it, and fold the query"
                what = "only a query to the tool's own database"
                yield Problem(where(page), line.number, what, fix)


def has_now(page: Page) -> bool:
    """Tell a page in this order from one in the order of before, in which nothing comes first."""
    return "now" in {one for _, one in ids_of(page)}


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
