"""The parts of a page that are computed: each function returns Markdown for the page's place."""

from __future__ import annotations

import html
import itertools
import os
import posixpath
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath

from grading import Exercise
from testbed.sandbox import ROOT, SNIPPETS, tool_of
from testbed.tools import TOOLS, Tool
from tooling.course import screens
from tooling.course.course import Course
from tooling.course.embeds import Embed
from tooling.course.pages import CATALOGUES, Page, has_meta, with_meta
from tooling.course.planned import Planned
from tooling.course.schema import SIGHTS, THEMES, ChapterMeta, LandingMeta, SymptomMeta, TermMeta
from tooling.course.simulation import read
from tooling.rules import RULES
from tooling.site import runtime
from tooling.site.security_policy import integrity
from tooling.site.simulator import markup, still

PACK = "3am-pack.html"


def link(page: Page, target: Page, text: str | None = None) -> str:
    """Write a relative Markdown link from one page to another."""
    folder = PurePosixPath(page.uri).parent
    path = os.path.relpath(target.uri, folder).replace(os.sep, "/")
    return f"[{text or target.title}]({path})"


def badge(text: str, name: str = "") -> str:
    """Write a small label."""
    return f'<span class="badge{f" badge--{name}" if name else ""}">{html.escape(text)}</span>'


def duration(minutes: int) -> str:
    """Write minutes as people say them: 14 min, 1 h 53 min."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * (hours > 0) + [f"{rest} min"] * (rest > 0 or hours == 0))


def access(page: Page, edition: str) -> str:
    """Label a chapter as free, for members, or (in the free edition) cut to a preview."""
    if page.free:
        return badge("Free", "free")
    return badge("Preview", "preview") if edition == "free" else badge("Members", "members")


def chapter_head(course: Course, page: Page[ChapterMeta], edition: str) -> str:
    """Write what a chapter promises, what it takes and what it needs."""
    meta = page.meta
    tools = " · ".join(TOOLS[tool].title for tool in meta.tools)
    facts = [access(page, edition), duration(meta.minutes), meta.level.capitalize(), tools]
    needs = [link(page, course.pages[f"{need}.md"]) for need in meta.needs]
    return "\n\n".join(
        [
            f"{meta.promise}\n{{ .lead }}",
            " · ".join(filter(None, facts)) + "\n{ .facts }",
            '<div class="objectives" markdown="1">\nYou will be able to:\n',
            "\n".join(f"- {objective}" for objective in meta.objectives),
            *([f"Read first: {', '.join(needs)}"] if needs else []),
            "</div>",
        ]
    )


def landing_head(course: Course, page: Page[LandingMeta], edition: str) -> str:
    """Write what a track or a course promises, and how much of it there is."""
    chapters = chapters_below(course, page)
    minutes = sum(chapter.meta.minutes for chapter in chapters)
    facts = [count(len(chapters), "chapter"), duration(minutes)] if chapters else []
    coming = len(planned_below(course, page))
    facts += [f"{coming} to come"] if coming else []
    return f"{page.meta.promise}\n{{ .lead }}\n\n{' · '.join(facts)}\n{{ .facts }}"


def chapters_below(course: Course, page: Page) -> list[Page[ChapterMeta]]:
    """Return the written chapters of a course, or of all courses of a track."""
    if page.kind == "course":
        return course.chapters_of(page)
    return [c for one in course.courses_of(page) for c in course.chapters_of(one)]


def planned_below(course: Course, page: Page) -> list[Planned]:
    """Return the chapters to come of a course, or of all courses of a track."""
    homes = [page] if page.kind == "course" else course.courses_of(page)
    folders = {home.uri.partition("/")[0] for home in homes}
    return [one for id_, one in course.planned.items() if id_.partition("/")[0] in folders]


def count(number: int, noun: str) -> str:
    """Write a number with its noun: 1 chapter, 8 chapters, no chapter yet."""
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else f"no {noun} yet"


def cards(rows: list[str], ordered: bool = False) -> str:
    """Write a list of things to choose from."""
    tag = "ol" if ordered else "ul"
    items = "".join(f'<li markdown="block">\n\n{row}\n\n</li>\n' for row in rows)
    return f'<{tag} class="cards" markdown="1">\n{items}</{tag}>'


def chapters(course: Course, page: Page, edition: str) -> str:
    """List the chapters of a course: title, minutes, free or not, promise; then those to come."""
    rows = [
        f"{link(page, chapter)} <small>{access(chapter, edition)} "
        f"{duration(chapter.meta.minutes)}</small>\n{{ .card-title }}\n\n{chapter.meta.promise}"
        for chapter in course.chapters_of(page)
    ]
    return "\n\n".join(
        filter(None, [cards(rows, ordered=True) if rows else "", to_come(course, page)])
    )


def to_come(course: Course, page: Page) -> str:
    """List the chapters of a course that are still to be written."""
    rows = [
        f"{planned.title} <small>{duration(planned.minutes)}</small>\n"
        f"{{ .card-title }}\n\n{planned.promise}"
        for planned in planned_below(course, page)
    ]
    return f"### To come {{ #to-come }}\n\n{cards(rows)}" if rows else ""


def courses(course: Course, page: Page, edition: str) -> str:
    """List the courses of a track, with their totals."""
    return cards([landing_card(course, page, one) for one in course.courses_of(page)])


def tracks(course: Course, page: Page, edition: str) -> str:
    """List the tracks, with their totals."""
    return cards([landing_card(course, page, track) for track in course.tracks])


def landing_card(course: Course, page: Page, target: Page[LandingMeta]) -> str:
    """Write a track or a course as one card."""
    below = chapters_below(course, target)
    minutes = sum(chapter.meta.minutes for chapter in below)
    totals = f"{count(len(below), 'chapter')}, {duration(minutes)}" if below else "to come"
    return (
        f"{link(page, target)} <small>{totals}</small>\n{{ .card-title }}\n\n{target.meta.promise}"
    )


def entries(course: Course, page: Page, edition: str) -> str:
    """List a catalogue's entries under its filter; complete without JavaScript."""
    folder = PurePosixPath(page.uri).parts[0]
    found = course.of_kind(CATALOGUES[folder])
    list_ = catalogue(page, found) if folder == "glossary" else groups(page, found)
    return f"{catalogue_filter(course, folder, found)}\n\n{list_}"


def catalogue(page: Page, found: Iterable[Page]) -> str:
    """Write a list of entries, each with its lead."""
    items = "\n".join(
        f'<li data-entry="{one.id}" id="{one.id}" markdown="span">{link(page, one)} '
        f"<span>{html.escape(one.lead)}</span></li>"
        for one in found
    )
    return f'<ul class="catalogue" markdown="1">\n{items}\n</ul>'


def groups(page: Page, found: Sequence[Page]) -> str:
    """List symptoms under what one sees, in the order in which somebody would look."""
    parts = []
    for sight, heading in SIGHTS.items():
        own = [one for one in with_meta(found, SymptomMeta) if one.meta.sees == sight]
        body = f"## {heading} {{ #{sight} }}\n\n{catalogue(page, own)}"
        parts += [f'<section markdown="1">\n\n{body}\n\n</section>'] if own else []
    return "\n\n".join(['<div class="catalogue-groups" markdown="1">', *parts, "</div>"])


def pack(course: Course, page: Page, edition: str) -> str:
    """Offer the pack, which is made from the built pages and is no page of its own."""
    path = posixpath.relpath(PACK, page.url)
    return (
        f'<a href="{path}" download>Keep the 3 a.m. pack</a>: the symptoms, the cards and the '
        "words in one file that needs no network.\n{ .pack }"
    )


def rules(course: Course, page: Page, edition: str) -> str:
    """Explain each rule under its name, by the module that it stands in."""
    parts = []
    for group, found in itertools.groupby(RULES, lambda one: one.group):
        module = sys.modules[f"tooling.rules.{group}"]
        parts += [f"## {group.capitalize()} {{ #{group} }}", str(module.__doc__)]
        parts += [f"### {one.name} {{ #{one.name} }}\n\n{one.text}" for one in found]
    return "\n\n".join(parts)


def catalogue_filter(course: Course, folder: str, found: Sequence[Page]) -> str:
    """Write the filter's form; the scripts answer it, and without them it is not shown."""
    if folder == "glossary":
        there = {one.meta.theme for one in with_meta(found, TermMeta)}  # no choice leads to nothing
        themes: dict[str, str] = {key: name for key, name in THEMES.items() if key in there}
        label, noun = "Theme", "term"
    else:
        modes = {one.meta.mode for one in with_meta(found, SymptomMeta)}
        themes = {mode: course.pages[f"glossary/{mode}.md"].title for mode in sorted(modes)}
        label, noun = "Failure mode", "symptom"
    return (
        f'<form class="catalogue-filter" data-catalogue="{folder}" role="search" '
        'aria-label="Entries">\n'
        '<label class="catalogue-filter__query">Filter'
        '<input type="search" name="q" autocomplete="off" spellcheck="false"></label>\n'
        f"<label>{label}{select('theme', themes)}</label>\n"
        f"<label>Tool{select('tool', titles())}</label>\n"
        f'<output class="catalogue-filter__count" aria-live="polite">'
        f"{count(len(found), noun)}</output>\n</form>"
    )


def titles() -> dict[str, str]:
    """Return what pages call each tool."""
    return {name: tool.title for name, tool in TOOLS.items()}


def select(name: str, options: dict[str, str]) -> str:
    """Write a choice among options, with `All` first."""
    rows = {"": "All", **options}
    inner = "".join(
        f'<option value="{key}">{html.escape(text)}</option>' for key, text in rows.items()
    )
    return f'<select name="{name}">{inner}</select>'


def term_names(course: Course, page: Page[TermMeta]) -> str:
    """Write a term's names in the four tools, its other names, its theme and its relatives."""
    meta = page.meta
    rows = ["| Tool | Name | Since |", "|---|---|---|"]
    for tool, answer in meta.names.by_tool.items():
        note = f" {answer.note}" if answer.note else ""
        name = (f"{answer.name}." if note else answer.name) if answer.name else "No such thing."
        rows.append(f"| {TOOLS[tool].title} | {name}{note} | {answer.since or ''} |")
    related = ", ".join(link(page, course.pages[f"glossary/{one}.md"]) for one in meta.related)
    parts = ["## Say it in { #names }", "\n".join(rows)]
    parts += [f"Also written: {', '.join(meta.aliases)}.\n{{ .aliases }}"] if meta.aliases else []
    parts += [f"Related: {related}.\n{{ .related }}"] if related else []
    return "\n\n".join(parts)


def false_friend(page: Page[TermMeta]) -> str:
    """Warn of a term's word that means another thing in another tool."""
    boxes = []
    for friend in page.meta.false_friends:
        rows = [f"- {TOOLS[tool].title}: {text}" for tool, text in friend.meanings.items() if text]
        body = "\n".join(["", *rows, "", f"Say instead: {friend.say}."])
        boxes.append(f'!!! warning "What “{friend.word}” means"\n{textwrap.indent(body, "    ")}')
    return "\n\n".join(["## A false friend { #false-friend }", *boxes]) if boxes else ""


def entry_facts(page: Page) -> str:
    """Write the way back to an entry's catalogue, and its theme."""
    if has_meta(page, TermMeta):
        theme = page.meta.theme
        return f"[Glossary](index.md) · [{THEMES[theme]}](index.md?theme={theme})\n{{ .facts }}"
    return "[Diagnose](index.md)\n{ .facts }"


def used_in(course: Course, page: Page) -> str:
    """List the pages that use this one, chapters first."""
    users = sorted(course.used_in.get(page.uri, []), key=lambda one: one.kind != "chapter")
    if not users:
        return ""
    return "## Used in { #used-in }\n\n" + "\n".join(f"- {link(page, user)}" for user in users)


def symptom_links(course: Course, page: Page[SymptomMeta]) -> str:
    """Write where a symptom leads: its failure mode, its chapter, the program that shows it."""
    meta = page.meta
    rows = [f"- Failure mode: {link(page, course.pages[f'glossary/{meta.mode}.md'])}"]
    if meta.chapter:
        rows.append(f"- Chapter: {link(page, course.pages[f'{meta.chapter}.md'])}")
    if meta.snippet:
        rows.append(f"- See it happen: {run_command(meta.snippet)}")
    words = ", ".join(f"“{words}”" for words in meta.seen)
    return "\n".join(
        ["## Where it leads { #leads }\n", *rows, f"\nAlso said: {words}.\n{{ .aliases }}"]
    )


def run_command(snippet: str) -> str:
    """Write the one command that runs a snippet on the reader's machine."""
    return f"`python3 noxfile.py run {snippet}`"


def snippet_foot(snippet: str) -> str:
    """Write what stands below a recording: the whole file, what it ran on, how to run it."""
    if (SNIPPETS / snippet).with_suffix("").is_dir():
        facts = program_facts(f"{snippet.removesuffix('.py')}.zip", tool_of(Path(snippet)))
        return f"{facts} · `python start.py`\n{{ .snippet-foot }}"
    return f"{program_facts(snippet)} · {run_command(snippet)}\n{{ .snippet-foot }}"


def program_facts(snippet: str, tool: str = "") -> str:
    """Write a link to a whole program, or to a project for a tool, and what it ran on."""
    tool = tool or tool_of(Path(snippet))
    verified = f"Verified on {verified_on([tool])}" if tool != "none" else "Standard library only"
    return f"[{PurePosixPath(snippet).name}](snippet:{snippet}) · {verified}"


def simulator(page: Page, snippet: str) -> tuple[str, str]:
    """Write a simulator's first frame as HTML, and in Markdown which program made all of them."""
    recording = SNIPPETS / f"{snippet}.json"
    frames = posixpath.relpath(f"snippets/{snippet}.json", page.url or ".")
    drawn = markup(read(recording), PurePosixPath(snippet).name, frames)
    return drawn, snippet_foot(f"{snippet}.py")


def picture(snippet: str, caption: str) -> tuple[str, str]:
    """Draw a recording of one frame, and write which program made it."""
    path = PurePosixPath(snippet)
    drawn = still(read(SNIPPETS / path), path.stem, caption)
    return drawn, snippet_foot(str(path.with_suffix(".py")))


def screen(
    page: Page, embed: Embed, shows: str, marks: list[tuple[str, str, str]]
) -> tuple[str, str]:
    """Write a picture with its numbers as HTML, and in Markdown what each of them marks."""
    recording, name = SNIPPETS / embed.path, embed.section or ""
    found = screens.read(recording).screens[name]
    file = posixpath.relpath(
        f"snippets/{screens.image_of(Path(embed.path), name)}", page.url or "."
    )
    numbers = "".join(
        number(n, found.marks[mark], found.width) for n, (mark, _, _) in enumerate(marks, 1)
    )
    picture = (
        f'<p class="screen__picture"><a href="{file}"><img src="{file}" loading="lazy" '
        f'alt="{html.escape(shows)}" width="{found.width}" height="{found.height}"></a>'
        f'<svg aria-hidden="true">{numbers}</svg></p>'
    )
    said = "\n".join(f"{n}. {text}" for n, (_, _, text) in enumerate(marks, 1))
    program = str(PurePosixPath(embed.path).with_suffix(".py"))
    foot = f"{program_facts(program)} · `python3 noxfile.py record {program}`\n{{ .snippet-foot }}"
    return picture, "\n\n".join(filter(None, [said, foot]))


def number(n: int, mark: screens.Mark, width: int) -> str:
    """Draw a number to the right of what it marks, in percent, so that it stays there."""
    (right, y), room = mark.at, 100 * 14 / width
    x = round(min(right + room, 100 - room), 1)
    return f'<circle cx="{x}%" cy="{y}%" r="11"/><text x="{x}%" y="{y}%" dy=".35em">{n}</text>'


def exercise(snippet: str) -> tuple[str, str, str]:
    """Write an exercise: what is given, the HTML to work on it, two hints and a solution."""
    first, second = Exercise.read(SNIPPETS / snippet).hints
    second = fold("hint", "A second hint: what to write", second)
    command = f"`python3 noxfile.py exercise {snippet}`"
    given = [
        f'<div class="exercise" data-exercise="{snippet.removesuffix(".py")}" markdown="1">',
        section_of(snippet, "given"),
        f"{program_facts(snippet)} · {command}\n{{ .exercise__foot }}",
    ]
    bar = run_bar(snippet, "Edit", "Check")
    folds = [
        fold("hint", "A hint: where to look", f"{first}\n\n{second}"),
        fold("solution", "A solution", section_of(snippet, "solution")),
        "</div>",
    ]
    answer = '<p class="exercise__answer" role="status"></p>' if bar else ""
    return "\n\n".join(given), bar + answer, "\n\n".join(folds)


def section_of(snippet: str, section: str) -> str:
    """Write the fence that embeds a section of a program."""
    return f'```python\n--8<-- "{snippet}:{section}"\n```'


def fold(kind: str, title: str, body: str) -> str:
    """Write something that a reader opens."""
    return f'??? {kind} "{title}"\n{textwrap.indent(body, "    ")}'


def run_bar(snippet: str, *buttons: str) -> str:
    """Write the buttons that run a tool-agnostic snippet in the browser, if this build can.

    The script checks the published program against the hash: what runs is what was tested.
    """
    file, name = SNIPPETS / snippet, PurePosixPath(snippet).name
    if tool_of(file) != "none" or not file.is_file() or not runtime.is_there():
        return ""
    bar = (
        f'<button type="button" data-do="{text.lower()}" aria-label="{text} {name}">{text}</button>'
        for text in buttons or ("Run", "Edit")
    )
    return (
        f'<div class="run" role="group" aria-label="{name} in your browser"'
        f' data-integrity="{integrity(file.read_bytes())}">'
        f'{"".join(bar)}<span class="run__status" role="status"></span></div>'
    )


def page_foot(page: Page) -> str:
    """Write when a page last changed, and on which versions its claims were verified."""
    facts = [f"Verified on {verified_on(page.meta.tools)}"] if has_meta(page, ChapterMeta) else []
    changed = last_changed().get(f"docs/{page.source}")
    facts += [f"Last changed {changed.day} {changed:%B %Y}"] if changed else []
    return f"{' · '.join(facts)}\n{{ .page-foot }}" if facts else ""


def verified_on(tools: Iterable[str]) -> str:
    """Name the locked versions of some tools, as the tests ran them."""
    wanted = [TOOLS[name] for name in tools]
    return ", ".join(f"{tool.verified or tool.title} {locked_version(tool)}" for tool in wanted)


@cache
def locked_version(tool: Tool) -> str:
    """Read a tool's version from its lock file."""
    lock = (ROOT / "requirements" / f"{tool.name}.txt").read_text(encoding="utf-8")
    match = re.search(rf"^{tool.package}(?:\[[^\]]*\])?==(\S+)", lock, re.M)
    if not match:
        raise LookupError(f"requirements/{tool.name}.txt does not pin {tool.package}")
    return match[1]


@cache
def last_changed() -> dict[str, date]:
    """Read from git, in one go, the day each page last changed."""
    command = ["git", "log", "--format=%x00%cs", "--name-only", "--", "docs"]
    git = subprocess.run(command, capture_output=True, text=True, check=False)
    days: dict[str, date] = {}
    for commit in git.stdout.split("\0")[1:]:
        day, *paths = commit.split("\n")
        for path in filter(None, paths):
            days.setdefault(path, date.fromisoformat(day))
    return days
