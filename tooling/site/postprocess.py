"""What can only be made once the pages are built: search data, exports, programs, the CSP.

Every step reads the built site and writes into it; running them twice changes nothing.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from tooling.course.course import Course
from tooling.site import exports, labs, llms, runtime
from tooling.site.components import PACK
from tooling.site.files import write_json, write_text
from tooling.site.pack import pack
from tooling.site.projects import write_zip
from tooling.site.scripts import without_comments
from tooling.site.search import search_index
from tooling.site.security_policy import content_security_policy, with_policy, with_python
from tooling.site.styles import OWN, OWN_STYLES, merge_styles, prune, with_one_style

DESCRIPTION_TAG = re.compile(
    r'<meta (name|property)="(description|og:description)" content="[^"]*">'
)
API_STYLES = re.compile(r'<link rel="stylesheet" href="[^"]*_mkdocstrings\.css">')
BUNDLE = re.compile(r'<script src="([^"]*/bundle\.[^"]+)">')  # see assets/scripts/theme.mjs
TABLE = re.compile(r"<table>.*?</table>", re.S)  # that the theme's script would wrap
INDENTATION = re.compile(r"\s*\n\s*(?=<(?!/?(?:span|code|pre|a)\b))")  # never inside code
PROGRAM = re.compile(r'href="[^"]*?/?(snippets/[\w./-]+\.py)"')
PROJECT = re.compile(r'href="[^"]*?/?(snippets/[\w./-]+)\.zip"')
FRAMES = re.compile(r'data-frames="[^"]*?/?(snippets/[\w./-]+)\.json"')
SCREEN = re.compile(r'src="[^"]*?/?(snippets/[\w./-]+\.webp)"')
COPIED = (PROGRAM, SCREEN)
RUN = '<div class="run" '
EXPORTS = (
    *("search.json", "glossary.json", "diagnose.json", "glossary.schema.json"),
    *("llms.txt", "llms-full.txt", PACK),
)


def finish(site: Path, course: Course) -> None:
    """Complete a built site."""
    complete_labs(site, course)
    pages = built_pages(site)
    publish_programs(site, course.root / "snippets", pages)
    publish_runtime(site)
    for name in EXPORTS:
        export(name, site, course, pages)
    policy = content_security_policy(pages.values())
    without_comments(site)
    prune(site, pages.values())
    merge_styles(site, pages[site / "index.html"])
    for path, text in pages.items():
        own = with_python(policy) if RUN in text else policy
        finished = with_policy(lighter(with_description(text)), own)
        finished = with_one_style(site, finished)
        if finished != text:
            path.write_text(finished, encoding="utf-8")


def finish_live(site: Path, course: Course, pages: dict[Path, str]) -> None:
    """Complete pages for an author; they keep their styles and have no policy, to be quick."""
    publish_programs(site, course.root / "snippets", pages)
    for path, text in pages.items():
        path.write_text(lighter(with_description(text)), encoding="utf-8")


def built_pages(site: Path) -> dict[Path, str]:
    """Read every page of a built site."""
    built = sorted(path for path in site.rglob("*.html") if path.name != PACK)
    return {path: path.read_text(encoding="utf-8") for path in built}


def publish_runtime(site: Path) -> None:
    """Put Python for the browser into a built site, or say that there is none."""
    if runtime.is_there():
        runtime.publish(site)
    else:
        print("No page has a Run: no Python for the browser here (see tooling/site/runtime.py).")


def export(name: str, site: Path, course: Course, pages: dict[Path, str]) -> None:
    """Write one of the files that are made from all pages."""
    path = site / name
    match name:
        case "search.json":
            write_json(path, search_index(site, course, pages))
        case "glossary.json":
            write_json(path, exports.glossary(course))
        case "diagnose.json":
            write_json(path, exports.diagnosis(course))
        case "glossary.schema.json":
            write_json(path, exports.glossary_schema())
        case "llms.txt":
            write_text(path, llms.overview(course, pages[site / "index.html"]))
        case "llms-full.txt":
            write_text(path, llms.full_text(course, site, pages))
        case _:
            pack.write(site, course, pages)


def complete_labs(site: Path, course: Course) -> None:
    """Add to the labs' pages what the renderer of notebooks knows nothing of."""
    for page in course.of_kind("lab"):
        path = site / page.url / "index.html"
        write_text(path, labs.finished(course, page, path.read_text(encoding="utf-8")))


def lighter(text: str) -> str:
    """Take out what is not needed to read, and keep the theme's script until the first move."""
    text = BUNDLE.sub(r'<script type="text/plain" data-late="\1">', text)
    text = TABLE.sub(scrolling, text)
    text = text if "doc-contents" in text else API_STYLES.sub("", text)
    text = OWN_STYLES.sub(lambda link: link[0] if OWN[link[1]].search(text) else "", text)
    return INDENTATION.sub("\n", text)


def scrolling(table: re.Match[str]) -> str:
    """Wrap a table as the theme's script does, which comes too late: what it wraps would jump."""
    inner = table[0].replace("<table>", '<table class="plain">', 1)
    return f'<div class="md-typeset__scrollwrap"><div class="md-typeset__table">{inner}</div></div>'


def publish_programs(site: Path, snippets: Path, pages: dict[Path, str]) -> None:
    """Copy what the pages show or link to, and no other: the free edition has less."""
    shown = {path for text in pages.values() for one in COPIED for path in one.findall(text)}
    for path in sorted(shown):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(snippets.parent / path, site / path)
    for path in sorted({path for text in pages.values() for path in FRAMES.findall(text)}):
        recording = (snippets.parent / f"{path}.json").read_text(encoding="utf-8")
        write_json(site / f"{path}.json", json.loads(recording))
    for path in sorted({path for text in pages.values() for path in PROJECT.findall(text)}):
        write_zip(snippets.parent / path, site / f"{path}.zip")


def with_description(text: str) -> str:
    """Describe a page by its lead, where it has one, to search engines and to chats."""
    lead = LexborHTMLParser(text).css_first("article .lead")
    if not lead:
        return text
    words = html.escape(" ".join(lead.text().split()), quote=True)
    return DESCRIPTION_TAG.sub(lambda m: f'<meta {m[1]}="{m[2]}" content="{words}">', text)
