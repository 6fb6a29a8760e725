"""The glossary as tables: across the tools, false friends, and all of it on paper.

Rows are HTML, for the filter needs to know which is which; on a phone a row becomes a small card.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable

from testbed.tools import TOOLS
from tooling.course.course import Course
from tooling.course.lines import HEADING
from tooling.course.pages import LINK_TEXT, Page, plain
from tooling.course.schema import THEMES, TermMeta, ToolName
from tooling.site.components import catalogue_filter

CODE = re.compile(r"`([^`]*)`")
NO_WORD = '<span class="none">–</span>'


def inline(markdown: str | None) -> str:
    """Write a name as HTML: its code, and of its links the words."""
    text = html.escape(LINK_TEXT.sub(r"\1", markdown or ""), quote=False)
    return CODE.sub(r"<code>\1</code>", text) or NO_WORD


def anchor(page: Page, target: Page, fragment: str = "", text: str = "") -> str:
    """Write a relative HTML link from one page to another."""
    href = os.path.relpath(target.url, page.url).replace(os.sep, "/")
    return f'<a href="{href}/{fragment}">{html.escape(text or target.title)}</a>'


def table(heads: Iterable[str], rows: Iterable[str], kind: str, body: str = "") -> str:
    """Write a table whose rows are written."""
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    head = f"<thead><tr>{cells}</tr></thead>"
    inner = "\n".join(rows)
    return (
        f'<table class="by-tool by-tool--{kind}">{head}\n<tbody{body}>\n{inner}\n</tbody></table>'
    )


def row(first: str, cells: Iterable[str], attributes: str = "") -> str:
    """Write a row: what it is about, and its cells."""
    inner = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr{attributes}><th scope="row">{first}</th>{inner}</tr>'


def answers(term: Page[TermMeta]) -> dict[str, ToolName]:
    """Return what each tool calls a term."""
    return term.meta.names.by_tool


def across_tools(course: Course, page: Page, edition: str) -> str:
    """Write what each tool calls each term that one has a name for, under the filter."""
    terms = [term for term in course.terms if any(a.name for a in answers(term).values())]
    rows = [
        row(
            anchor(page, term),
            [inline(answer.name) for answer in answers(term).values()],
            f' data-entry="{term.id}"',
        )
        for term in terms
    ]
    heads = ["Term", *(tool.title for tool in TOOLS.values())]
    return "\n\n".join(
        [
            catalogue_filter(course, "glossary", terms),
            table(heads, rows, "terms", ' class="catalogue"'),
        ]
    )


def say_it_in(course: Course, page: Page, ids: list[str]) -> str:
    """Write what each tool calls these terms; what it does instead, where it has no word."""
    terms = [term for term in course.terms if term.id in ids]
    rows = [
        row(mention(page, term), [name_or_note(answer) for answer in answers(term).values()])
        for term in sorted(terms, key=lambda term: ids.index(term.id))
    ]
    return table(["Plain words", *(tool.title for tool in TOOLS.values())], rows, "said")


def mention(page: Page, term: Page[TermMeta]) -> str:
    """Link to a term, with its definition as a preview."""
    lead = html.escape(term.lead)
    return anchor(page, term).replace("<a ", f'<a class="term" data-preview="{lead}" ', 1)


def name_or_note(answer: ToolName) -> str:
    """Write a tool's word for a thing, or the note that says what there is in its place."""
    if answer.name or not answer.note:
        return inline(answer.name)
    return f"{NO_WORD} {inline(answer.note)}"


def tool_words(course: Course, page: Page, edition: str) -> str:
    """Write the way back: from the word of a tool to the term, by word."""
    found = [
        (plain(answer.name), tool, answer.name, term)
        for term in course.terms
        for tool, answer in answers(term).items()
        if answer.name
    ]
    found.sort(key=lambda one: (re.sub(r"\W", "", one[0]).casefold(), one[1]))
    rows = [
        row(
            inline(name),
            [TOOLS[tool].title, anchor(page, term)],
            f' data-of="{term.id}" data-tool="{tool}"',
        )
        for _, tool, name, term in found
    ]
    return f'<div class="words">{table(["A tool says", "Tool", "Term"], rows, "words")}</div>'


def false_friends(course: Course, page: Page, edition: str) -> str:
    """Write the words that mean one thing here and another there, from A to Z."""
    found = [(one, term) for term in course.terms for one in term.meta.false_friends]
    found.sort(key=lambda one: one[0].word.casefold())
    rows = [
        row(
            anchor(page, term, "#false-friend", friend.word),
            [*map(inline, friend.meanings.values()), inline(friend.say)],
        )
        for friend, term in found
    ]
    return table(["Word", *(tool.title for tool in TOOLS.values()), "Say instead"], rows, "friends")


def whole_glossary(course: Course, page: Page, edition: str) -> str:
    """Write every term after the other, for paper and for reading without a network."""
    marker = '<div class="on-paper"></div>'
    return "\n\n".join([marker, *(on_paper(page, term) for term in course.terms)])


def on_paper(page: Page, term: Page[TermMeta]) -> str:
    """Write a term in short: its text with smaller headings, and a line for each tool."""
    _, _, body = term.text.strip().partition("\n")  # below the title
    rows = body.strip().split("\n")
    body = "\n".join(f"**{m[2]}**" if (m := HEADING.match(row)) else row for row in rows)
    names = "\n".join(f"- {TOOLS[tool].title}: {said(one)}" for tool, one in answers(term).items())
    theme = THEMES[term.meta.theme]
    text = f"## {term.title} {{ #{term.id} }}\n\n{theme}\n{{ .facts }}\n\n{body}\n\n{names}"
    return f'<section class="entry" markdown="1">\n\n{text}\n\n</section>'


def said(answer: ToolName) -> str:
    """Write a tool's name for a thing, its version and its note in one line."""
    name = f"{answer.name} (since {answer.since})" if answer.name else "no such thing"
    return f"{name}. {answer.note}" if answer.note else f"{name}."
