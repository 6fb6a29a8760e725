"""The one Markdown extension: it adds to a page what plain Markdown cannot say.

It cuts a chapter at `<!-- more -->` in the free edition, fills in `<!-- chapters -->` and the
like, adds heads and feet, and gives links to the glossary their previews. It works in MkDocs and
in Zensical, which both run Python-Markdown; neither runs a hook of ours.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from testbed.sandbox import ROOT
from tooling.course.course import Course, edition
from tooling.course.pages import CATALOGUES, MORE, Page, has_meta
from tooling.course.schema import ChapterMeta, LandingMeta, SymptomMeta, TermMeta
from tooling.site import components, routes, stepper, tables
from tooling.site.fences import KEPT, with_drawn_fences, with_snippet_feet
from tooling.site.names import all_names, with_names

DIRECTIVES = {
    "chapters": components.chapters,
    "courses": components.courses,
    "tracks": components.tracks,
    "entries": components.entries,
    "pack": components.pack,
    "names": all_names,
    "rules": components.rules,
    "stepper": stepper.stepper,
    "across-tools": tables.across_tools,
    "tool-words": tables.tool_words,
    "false-friends": tables.false_friends,
    "whole-glossary": tables.whole_glossary,
    **routes.DIRECTIVES,
}
OF_TERMS = {"say-it-in": tables.say_it_in}
DIRECTIVE = re.compile(rf"^<!-- ({'|'.join(DIRECTIVES)}) -->$")
TERMS = re.compile(rf"^<!-- ({'|'.join(OF_TERMS)}): ([\w, -]+) -->$")
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


@cache
def course() -> Course:
    """Read the course once a build; `tooling.site.build` forgets it before the next."""
    return Course.read(ROOT)


def current_page(md: Markdown) -> Page | None:
    """Find the page that is being rendered: each builder keeps its path somewhere else."""
    if "relpath" in md.treeprocessors:  # MkDocs
        file = md.treeprocessors["relpath"].file  # type: ignore[attr-defined]  # a private class
        return course().pages.get(file.src_uri)
    try:
        from zensical.extensions.context import ContextPreprocessor
    except ImportError:
        return None  # a docstring, rendered by mkdocstrings
    context = ContextPreprocessor.from_markdown(md)
    return course().pages.get(context.page.path) if context else None


class PageParts(Preprocessor):
    """Put the computed parts of a page into its Markdown, before anything else reads it."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the page's lines, cut to the edition and with every part in its place."""
        page = current_page(self.md)
        if page is None:
            return lines
        kept: list[str] = []
        self.md.course_html = kept  # type: ignore[attr-defined]  # for KeptHtml below
        lines = cut(lines, edition())
        lines = list(with_snippet_feet(lines, kept))
        lines = "\n".join(self.fill(page, line) for line in lines).split("\n")
        lines = list(with_drawn_fences(page, lines, kept))
        return "\n".join(with_head_and_feet(page, lines)).split("\n")

    def fill(self, page: Page, line: str) -> str:
        """Replace a directive by what it stands for."""
        if match := TERMS.match(line):
            return OF_TERMS[match[1]](course(), page, match[2].split(", "))
        match = DIRECTIVE.match(line)
        return DIRECTIVES[match[1]](course(), page, edition()) if match else line


def cut(lines: list[str], edition: str) -> list[str]:
    """End a page at `<!-- more -->` in the free edition; the full one has no such line."""
    if MORE not in lines:
        return lines
    end = lines.index(MORE)
    if edition == "free":
        return [
            *lines[:end],
            "This is a preview. The chapter goes on in the full edition.",
            "{ .cut }",
        ]
    return lines[:end] + lines[end + 1 :]


class KeptHtml(Preprocessor):
    """Give Python-Markdown our HTML as it keeps its own: so it may stand inside of a fold."""

    def run(self, lines: list[str]) -> list[str]:
        """Replace each line that stands for HTML by Python-Markdown's own placeholder."""
        kept = getattr(self.md, "course_html", [])
        return [self.placeholder(line, kept) for line in lines]

    def placeholder(self, line: str, kept: list[str]) -> str:
        """Store the HTML that a line stands for; most stand for none."""
        match = KEPT.match(line)
        return match[1] + self.md.htmlStash.store(kept[int(match[2])]) if match else line


def with_head_and_feet(page: Page, lines: list[str]) -> list[str]:
    """Add what the kind of page calls for below its H1 and at its end."""
    h1 = next((n for n, line in enumerate(lines) if line.startswith("# ")), None)
    if h1 is None:
        return lines
    head, feet = "", []
    if has_meta(page, ChapterMeta):
        head = components.chapter_head(course(), page, edition())
        feet = [routes.done(page, edition())]
    elif has_meta(page, LandingMeta):
        head = components.landing_head(course(), page, edition())
    elif has_meta(page, TermMeta):
        head = components.entry_facts(page)
        feet = [
            components.false_friend(page),
            components.term_names(course(), page),
            components.used_in(course(), page),
        ]
    elif has_meta(page, SymptomMeta):
        head = components.entry_facts(page)
        feet = [components.symptom_links(course(), page)]
    parts = [*lines[: h1 + 1], "", head, *lines[h1 + 1 :]]
    for foot in filter(None, [*feet, components.page_foot(page)]):
        parts += ["", foot]
    return parts


class Links(Treeprocessor):
    """Mark links to terms with their definition, while they still name the Markdown file."""

    def run(self, root: Element) -> None:
        """Add the preview's text to every mention of a term in running text."""
        page = current_page(self.md)
        if page is None:
            return
        mark_leads(page, root)
        if page.kind == "page" and page.uri.split("/")[0] in CATALOGUES:
            return  # a catalogue shows the definitions anyway
        for anchor in mentions(root):
            uri = posixpath.normpath(
                posixpath.join(posixpath.dirname(page.uri), anchor.get("href", ""))
            )
            target = course().pages.get(uri)
            if target and target.kind == "term" and target is not page:
                anchor.set("class", f"{anchor.get('class', '')} term".strip())
                anchor.set("data-definition", target.lead)


def mentions(element: Element) -> Iterator[Element]:
    """Walk over the links in running text: not those in headings or code."""
    for child in element:
        if child.tag == "a":
            yield child
        elif child.tag not in HEADINGS and child.tag not in ("pre", "code"):
            yield from mentions(child)


def mark_leads(page: Page, root: Element) -> None:
    """Mark an entry's definition: the first paragraph that is not a line of facts."""
    if page.kind in ("term", "symptom"):
        paragraphs = (child for child in root if child.tag == "p" and not child.get("class"))
        for first in paragraphs:
            first.set("class", "lead")
            return


class SnippetLinks(Treeprocessor):
    """Point `snippet:` links at the copies that the site publishes of its programs."""

    def run(self, root: Element) -> None:
        """Rewrite the links, now that the builder has rewritten its own."""
        page = current_page(self.md)
        for anchor in root.iter("a"):
            if page and (href := anchor.get("href", "")).startswith("snippet:"):
                path = f"snippets/{href.removeprefix('snippet:')}"
                anchor.set("href", posixpath.relpath(path, page.url or "."))


class Names(Postprocessor):
    """Mark where the reader's own names go, once the fences are highlighted and in their place."""

    def run(self, text: str) -> str:
        """Return the page's HTML with its marks and its form."""
        page = current_page(self.md)
        return with_names(page, text) if page else text


class CourseExtension(Extension):
    """The extension as Python-Markdown loads it: `tooling.site.extension` in mkdocs.yml."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the parts; the numbers are places in the queue, higher is earlier."""
        md.preprocessors.register(PageParts(md), "course-parts", 100)  # before snippets (32)
        # After what removes foreign placeholders (30), before what looks for HTML (20).
        md.preprocessors.register(KeptHtml(md), "course-html", 29)
        md.treeprocessors.register(Links(md), "course-links", 5)  # before the builder's links (0)
        md.treeprocessors.register(SnippetLinks(md), "course-snippet-links", -5)  # after them
        md.postprocessors.register(Names(md), "course-names", 5)  # after what is kept (30)


def makeExtension(**options: object) -> CourseExtension:
    """Make the extension; it takes no options."""
    return CourseExtension(**options)
