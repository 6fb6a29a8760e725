"""The one Markdown extension: it adds to a page what plain Markdown cannot say.

It cuts a chapter at `<!-- more -->` in the free edition, fills in `<!-- chapters -->` and the
like, adds heads and feet, and gives links to the glossary their previews. It works in MkDocs and
in Zensical, which both run Python-Markdown; neither runs a hook of ours.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from testbed.sandbox import ROOT
from tooling.course.course import Course, edition
from tooling.course.embeds import Embed
from tooling.course.pages import CATALOGUES, MORE, Page, has_meta
from tooling.course.schema import ChapterMeta, LandingMeta, SymptomMeta, TermMeta
from tooling.site import components, routes, stepper, tables

DIRECTIVES = {
    "chapters": components.chapters,
    "courses": components.courses,
    "tracks": components.tracks,
    "entries": components.entries,
    "pack": components.pack,
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
PRINTED, FRAMES = ".out", ".json"  # the recordings of a program and of a simulation
PICTURE = re.compile(r"^( *)```picture$")
FENCE = re.compile(r"^( *)(`{3,}|~{3,})")
KEPT = re.compile(r"^( *)course-html-(\d+)$")
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
        lines = list(with_diffs(lines))
        lines = list(with_snippet_feet(lines, kept))
        lines = "\n".join(self.fill(page, line) for line in lines).split("\n")
        lines = list(with_simulators(page, lines, kept))
        lines = list(with_pictures(lines, kept))
        lines = list(with_exercises(lines, kept))
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


def keep(html: str, kept: list[str]) -> str:
    """Keep HTML for later, and return the line that stands for it."""
    kept.append(html)
    return f"course-html-{len(kept) - 1}"


def with_simulators(page: Page, lines: list[str], kept: list[str]) -> Iterator[str]:
    """Draw the first frame of each simulator in the place of its fence."""
    at = 0
    while at < len(lines):
        if snippet := simulated(lines[at : at + 3]):
            indent = lines[at].removesuffix("```simulator")
            drawing, foot = components.simulator(page, snippet)
            yield from (indent + keep(drawing, kept), "")
            yield from (indent + row for row in foot.split("\n"))
            at += 3
        else:
            yield lines[at]
            at += 1


def simulated(fence: list[str]) -> str:
    """Return the program, without `.py`, whose frames a simulator's fence embeds; else nothing."""
    match [line.strip() for line in fence]:
        case ["```simulator", line, "```"]:
            path = embed.path if (embed := Embed.parse(line)) else ""
            return path.removesuffix(FRAMES) if path.endswith(FRAMES) else ""
    return ""


def with_pictures(lines: list[str], kept: list[str]) -> Iterator[str]:
    """Draw each still picture in the place of its fence, which ends with its caption."""
    at = 0
    while at < len(lines):
        match = PICTURE.match(lines[at])
        embed = Embed.parse(lines[at + 1]) if match else None
        if match and embed:
            caption = list(takewhile(lambda row: row.strip() != "```", lines[at + 2 :]))
            drawing, foot = components.picture(embed.path, " ".join(map(str.strip, caption)))
            yield from (match[1] + keep(drawing, kept), "")
            yield from (match[1] + row for row in foot.split("\n"))
            at += len(caption) + 3
        else:
            yield lines[at]
            at += 1


def with_diffs(lines: list[str]) -> Iterator[str]:
    """Write out each `diff` fence of two embeds: what goes, what comes, and what stays."""
    at = 0
    while at < len(lines):
        match [line.strip() for line in lines[at : at + 4]]:
            case ["```diff", before, after, "```"] if Embed.parse(before):
                indent = lines[at].removesuffix("```diff")
                yield lines[at]
                yield from (indent + line for line in changes(before, after))
                yield lines[at + 3]
                at += 4
            case _:
                yield lines[at]
                at += 1


def changes(before: str, after: str) -> list[str]:
    """Compare what two lines embed, as `diff` does, without its head."""
    embeds = [Embed.parse(line) for line in (before, after)]
    old, new = (embed.text(ROOT).split("\n") if embed else [] for embed in embeds)
    return list(difflib.unified_diff(old, new, lineterm="", n=len(old)))[3:]


def with_exercises(lines: list[str], kept: list[str]) -> Iterator[str]:
    """Write each exercise in the place of its fence."""
    at = 0
    while at < len(lines):
        match lines[at : at + 3]:
            case ["```exercise", line, "```"] if embed := Embed.parse(line):
                given, buttons, folds = components.exercise(embed.path)
                yield from (*given.split("\n"), "")
                yield from (keep(buttons, kept), "") if buttons else ()
                yield from folds.split("\n")
                at += 3
            case [line, *_]:
                yield line
                at += 1


def with_snippet_feet(lines: list[str], kept: list[str]) -> Iterator[str]:
    """Add below each fence that embeds a recording: which program printed it, and how to run it."""
    recording, fence = "", ""
    for line in lines:
        yield line
        if embed := Embed.parse(line):
            recording = embed.path if embed.path.endswith(PRINTED) else recording
        elif match := FENCE.match(line):
            fence = "" if fence else match[2]
            if not fence and recording:
                indent, snippet = match[1], recording.removesuffix(PRINTED) + ".py"
                yield ""
                yield from (indent + row for row in components.snippet_foot(snippet).split("\n"))
                if bar := components.run_bar(snippet):
                    yield from ("", indent + keep(bar, kept))
                recording = ""


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


class CourseExtension(Extension):
    """The extension as Python-Markdown loads it: `tooling.site.extension` in mkdocs.yml."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the parts; the numbers are places in the queue, higher is earlier."""
        md.preprocessors.register(PageParts(md), "course-parts", 100)  # before snippets (32)
        # After what removes foreign placeholders (30), before what looks for HTML (20).
        md.preprocessors.register(KeptHtml(md), "course-html", 29)
        md.treeprocessors.register(Links(md), "course-links", 5)  # before the builder's links (0)
        md.treeprocessors.register(SnippetLinks(md), "course-snippet-links", -5)  # after them


def makeExtension(**options: object) -> CourseExtension:
    """Make the extension; it takes no options."""
    return CourseExtension(**options)
