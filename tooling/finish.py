"""What can only be made once the pages are built: search data, exports, programs, the CSP.

Every step reads the built site and writes into it; running them twice changes nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tooling import exports, labs, pack, runtime
from tooling.course import Course
from tooling.pages import CATALOGUES, NOT_SEARCHED, Page, plain
from tooling.prune import prune

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src|type)=)[^>]*>(.*?)</script>", re.S)
CSP_TAG = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
DESCRIPTION_TAG = re.compile(
    r'<meta (name|property)="(description|og:description)" content="[^"]*">'
)
API_STYLES = re.compile(r'<link rel="stylesheet" href="[^"]*_mkdocstrings\.css">')
STYLES = re.compile(r'<link rel="stylesheet" href="([^"]*?)(assets/[^"]+\.css)">\s*')
MERGED, SIMULATOR = "assets/styles/site.css", "assets/styles/simulator.css"
SIMULATOR_STYLES = re.compile(rf'<link rel="stylesheet" href="[^"]*{SIMULATOR}">')
BUNDLE = re.compile(r'<script src="([^"]*/bundle\.[^"]+)">')
INDENTATION = re.compile(r"\s*\n\s*(?=<(?!/?(?:span|code|pre|a)\b))")  # never inside code
PROGRAM = re.compile(r'href="[^"]*?/?(snippets/[\w./-]+\.py)"')
FRAMES = re.compile(r'data-frames="[^"]*?/?(snippets/[\w./-]+)\.json"')
NOT_PROSE = (
    ".headerlink, .facts, .aliases, .related, .page-foot, .snippet-foot, .run, .by-tool, "
    ".catalogue, .catalogue-filter, .simulator, nav, form"
)

LISTS = {"used-in", "leads"}
RUN = '<div class="run" '


def finish(site: Path, course: Course, *, live: bool = False) -> None:
    """Complete a built site; a `live` one keeps its styles and has no policy, to be quick."""
    complete_labs(site, course)
    built = sorted(path for path in site.rglob("*.html") if path.name != pack.PACK)
    pages = {path: path.read_text(encoding="utf-8") for path in built}
    publish_programs(site, course.root / "snippets", pages)
    if runtime.is_there():
        runtime.publish(site, course.root / "snippets")
    else:
        print(
            "No page has a Run: this build has no Python for the browser (see tooling/runtime.py)."
        )
    write_json(site / "search.json", {"pages": search_records(site, course, pages)})
    for folder in CATALOGUES:
        write_json(site / f"{folder}.json", {"entries": list(catalogue_records(course, folder))})
    write_json(site / "glossary.schema.json", exports.glossary_schema())
    write_text(site / "llms.txt", exports.overview(course, pages[site / "index.html"]))
    write_text(site / "llms-full.txt", exports.full_text(course, site, pages))
    pack.write(site, course, pages)
    policy = "" if live else content_security_policy(pages.values())
    if not live:
        prune(site, pages.values())
        merge_styles(site, pages[site / "index.html"])
    for path, text in pages.items():
        own = with_python(policy) if RUN in text else policy
        finished = with_policy(lighter(with_description(text)), own)
        finished = finished if live else with_one_style(site, finished)
        if finished != text:
            path.write_text(finished, encoding="utf-8")


def complete_labs(site: Path, course: Course) -> None:
    """Add to the labs' pages what the renderer of notebooks knows nothing of."""
    for page in course.of_kind("lab"):
        path = site / page.url / "index.html"
        write_text(path, labs.finished(course, page, path.read_text(encoding="utf-8")))


def lighter(text: str) -> str:
    """Take out indentation between tags and styles of what is not there; let no script wait."""
    text = BUNDLE.sub(r'<script defer src="\1">', text)
    text = text if "doc-contents" in text else API_STYLES.sub("", text)
    text = text if 'class="simulator"' in text else SIMULATOR_STYLES.sub("", text)
    return INDENTATION.sub("\n", text)


def merge_styles(site: Path, home: str) -> None:
    """Write the styles that every page has as one file: each file more is a round trip more."""
    sheets = [path for _, path in STYLES.findall(home) if path not in (MERGED, SIMULATOR)]
    if sheets:
        texts = [(site / path).read_text(encoding="utf-8") for path in sheets]
        write_text(site / MERGED, "\n".join(texts))
    for path in sheets:
        (site / path).unlink()
        (site / f"{path}.map").unlink(missing_ok=True)


def with_one_style(site: Path, text: str) -> str:
    """Link the merged file in the place of the first of those that it holds."""
    gone = [match for match in STYLES.finditer(text) if not (site / match[2]).exists()]
    for match in reversed(gone[1:]):
        text = text[: match.start()] + text[match.end() :]
    if gone:
        link = f'<link rel="stylesheet" href="{gone[0][1]}{MERGED}">\n'
        text = text[: gone[0].start()] + link + text[gone[0].end() :]
    return text


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write data the same way every time."""
    write_text(path, json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def write_text(path: Path, text: str) -> None:
    """Write text with the same line ends on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")


def publish_programs(site: Path, snippets: Path, pages: dict[Path, str]) -> None:
    """Copy what the pages link to, programs and frames, and no other: the free edition has less."""
    for path in sorted({path for text in pages.values() for path in PROGRAM.findall(text)}):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(snippets.parent / path, site / path)
    for path in sorted({path for text in pages.values() for path in FRAMES.findall(text)}):
        recording = (snippets.parent / f"{path}.out").read_text(encoding="utf-8")
        write_json(site / f"{path}.json", json.loads(recording))


def search_records(site: Path, course: Course, pages: dict[Path, str]) -> list[dict[str, Any]]:
    """Write one record for each page and one for each of its sections."""
    by_url = {page.url: page for page in course.pages.values()}
    records: list[dict[str, Any]] = []
    for path, text in pages.items():
        page = by_url.get(path.relative_to(site).as_posix().removesuffix("index.html"))
        article = LexborHTMLParser(text).css_first("article")
        if page and article and page.uri not in NOT_SEARCHED:
            records += page_records(page, article)
    return [{"id": number, **record} for number, record in enumerate(records)]


def page_records(page: Page, article: LexborNode) -> Iterator[dict[str, Any]]:
    """Split a page's article at its second-level headings."""
    for node in article.css(NOT_PROSE):
        node.decompose()
    heading, anchor, words = "", "", [""]
    for node in article.iter(include_text=False):
        if node.tag == "h2" and node.attributes.get("id") in LISTS:
            break  # what follows names other pages, which have records of their own
        if node.tag == "h2":
            yield record(page, heading, anchor, words)
            heading, anchor, words = node.text(strip=True), node.attributes.get("id") or "", [""]
        elif node.tag != "h1":
            words.append(node.text(separator=" "))
    yield record(page, heading, anchor, words)


def record(page: Page, heading: str, anchor: str, words: list[str]) -> dict[str, Any]:
    """Write one record; only a page's first carries its other names."""
    return {
        "url": f"{page.url}#{anchor}" if anchor else page.url,
        "title": page.title,
        "heading": heading,
        "kind": page.kind,
        "aliases": [] if heading else other_names(page),
        "asked": [] if heading else asked(page),
        "text": " ".join(" ".join(words).split()),
    }


def other_names(page: Page) -> list[str]:
    """Return what else an entry is called, here and in the tools."""
    if page.kind != "term":
        return []
    names = [answer.name for _, answer in page.meta.names if answer.name]
    return [*page.meta.aliases, *map(plain, names)]


def asked(page: Page) -> list[str]:
    """Return how somebody asks for an entry who does not know its name."""
    return list(getattr(page.meta, {"term": "asked", "symptom": "seen"}.get(page.kind, ""), []))


def catalogue_records(course: Course, folder: str) -> Iterator[dict[str, Any]]:
    """Write a catalogue's entries as data, for the filter and for anyone else."""
    for page in course.of_kind(CATALOGUES[folder]):
        users = course.used_in.get(page.uri, [])
        yield {
            "id": page.id,
            "title": page.title,
            "url": page.url,
            "definition": page.lead,
            **(term_facts(page) if page.kind == "term" else symptom_facts(page)),
            "used_in": [{"title": user.title, "url": user.url} for user in users],
        }


def term_facts(page: Page) -> dict[str, Any]:
    """Return what a term's front matter says."""
    meta = page.meta
    return {
        "theme": meta.theme,
        "aliases": meta.aliases,
        "asked": meta.asked,
        "names": exports.without_markdown(meta.names.model_dump()),
        "false_friends": [exports.without_markdown(f.model_dump()) for f in meta.false_friends],
        "related": meta.related,
    }


def symptom_facts(page: Page) -> dict[str, Any]:
    """Return what a symptom's front matter says."""
    meta = page.meta
    facts = {"theme": meta.mode, "asked": meta.seen, "tools": meta.tools, "chapter": meta.chapter}
    return {**facts, "aliases": [], "names": {}}


def with_description(text: str) -> str:
    """Describe a page by its lead, where it has one, to search engines and to chats."""
    lead = LexborHTMLParser(text).css_first("article .lead")
    if not lead:
        return text
    words = html.escape(" ".join(lead.text().split()), quote=True)
    return DESCRIPTION_TAG.sub(lambda m: f'<meta {m[1]}="{m[2]}" content="{words}">', text)


def content_security_policy(pages: Iterable[str]) -> str:
    """Allow our own files and, by their hashes, the theme's inline scripts; nothing else."""
    scripts = sorted({script for text in pages for script in INLINE_SCRIPT.findall(text)})
    hashes = " ".join(f"'sha256-{sha256(script)}'" for script in scripts)
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; "
        "base-uri 'self'; form-action 'self'"
    )


def with_python(policy: str) -> str:
    """Let a page with a Run start Python, in a worker that stands under the page's policy.

    A worker from an address of its own would have no policy at all: only a blob's inherits it.
    """
    policy = policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    return policy.replace("worker-src 'self'", "worker-src 'self' blob:")


def sha256(script: str) -> str:
    """Hash a script the way a policy names it."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def with_policy(text: str, policy: str) -> str:
    """Put the policy first in a page's head, instead of any that is there."""
    text = CSP_TAG.sub("", text)
    if not policy:
        return text
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return text.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{tag}', 1)
