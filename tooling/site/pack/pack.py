"""The 3 a.m. pack: symptoms, cards and one-line definitions in one file that opens from a disk."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Template
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from testbed.tools import TOOLS
from tooling.course.course import Course
from tooling.course.pages import Page, plain
from tooling.site.components import PACK, last_changed
from tooling.site.security_policy import hash_source

LIMIT = 1_000_000  # bytes
HERE = Path(__file__).parent
RE_RUN = "diagnose/safe-to-re-run.md"  # a page that is a card as a whole
LICENCE = "Text: CC BY-SA 4.0. Code: MIT. Tallow &amp; Pine is fiction."
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')
NOT_PACKED = (
    "h1, .headerlink, .facts, .lead, .page-foot, .aliases, .run, .snippet-foot, .simulator, "
    ".diagram, .screen, .stepper, #leads, #leads ~ *, #sources, #sources ~ *, .tabbed-set > input, "
    ".md-tags, .names, nav, form, svg"
)
LOWER = re.compile(r"(</?h)([23])\b")  # an entry's headings stand below the pack's own
KEPT = {"href", "id", "start"}


def write(site: Path, course: Course, pages: dict[Path, str]) -> None:
    """Write the pack into a built site. ValueError if it is more than a phone should carry."""
    packer = Packer(site, course, pages)
    sections = {
        "Symptoms": list(packer.symptoms()),
        "Cards": list(packer.cards()),
        "Words": list(packer.words()),
    }
    text = page_of({name: entries for name, entries in sections.items() if entries})
    if len(text.encode()) > LIMIT:
        raise ValueError(
            f"{PACK} has more than {LIMIT} bytes; shorten what tooling/site/pack/ packs"
        )
    (site / PACK).write_text(text, encoding="utf-8", newline="\n")


def page_of(sections: dict[str, list[str]]) -> str:
    """Put the sections into the page, and the page under a policy of its own."""
    style, script = ((HERE / f"pack.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    parts = (f'<a href="#{name.lower()}">{name} ({len(e)})</a>' for name, e in sections.items())
    entries = (
        f'<section><h2 id="{name.lower()}">{name}</h2>\n{"".join(entries)}</section>'
        for name, entries in sections.items()
    )
    day = max(last_changed().values(), default=date(1970, 1, 1))
    return Template((HERE / "pack.html").read_text(encoding="utf-8")).substitute(
        policy="default-src 'none'; "
        f"style-src {hash_source(style)}; script-src {hash_source(script)}",
        style=style,
        script=script,
        parts=" ".join(parts),
        entries="\n".join(entries),
        licence=LICENCE,
        made=f"It is as of {day.day} {day:%B %Y}.",
    )


class Packer:
    """Takes entries out of the built pages and makes their links work in one file."""

    def __init__(self, site: Path, course: Course, pages: dict[Path, str]) -> None:
        """Find out which pages are in the pack, so that links between them stay in it."""
        self.course = course
        self.texts = {path.relative_to(site).as_posix(): text for path, text in pages.items()}
        packed = course.of_kind("symptom", "term")
        self.ids = {page.url: f"{page.kind}-{page.id}" for page in packed}
        if page := course.pages.get(RE_RUN):
            self.ids[page.url] = "safe-to-re-run"

    def symptoms(self) -> Iterator[str]:
        """Write each symptom whole, but for where it leads."""
        for page in self.course.symptoms:
            body = self.body(page, "article")
            yield entry(self.ids[page.url], page.title, page.lead, body, page.meta.seen)

    def cards(self) -> Iterator[str]:
        """Write the card for a re-run, and that of each chapter that this edition shows whole."""
        if page := self.course.pages.get(RE_RUN):
            yield entry(self.ids[page.url], page.title, page.lead, self.body(page, "article"), [])
        for page in self.course.chapters:
            if body := self.body(page, ".card"):
                yield entry(f"card-{page.id.replace('/', '-')}", page.title, "", body, [])

    def words(self) -> Iterator[str]:
        """Write each term's definition and its names in the tools."""
        for page in self.course.terms:
            names = "".join(
                f"<tr><th>{TOOLS[tool].title}</th><td>{html.escape(plain(answer.name))}</td></tr>"
                for tool, answer in page.meta.names.by_tool.items()
                if answer.name
            )
            words = [*page.meta.aliases, *page.meta.asked]
            body = f"<table>{names}</table>" if names else "<p>No tool has a name for it.</p>"
            yield entry(self.ids[page.url], page.title, page.lead, body, words)

    def body(self, page: Page, selector: str) -> str:
        """Return the part of a built page that a selector names, or nothing, made for the pack."""
        text = self.texts.get(f"{page.url}index.html", "")
        node = LexborHTMLParser(text).css_first(selector)
        if node is None:
            return ""
        for one in node.css(NOT_PACKED):
            one.decompose()
        base = CANONICAL.search(text)
        for anchor in node.css("a"):
            self.relink(anchor, page, base[1] if base else "")
        sections = {one.attributes.get("id"): one for one in node.css("h2[id], h3[id]")}
        flatten(node)
        for section, heading in sections.items():
            heading.attrs["id"] = f"{self.ids.get(page.url, page.id)}-{section}"
        return LOWER.sub(lambda m: f"{m[1]}{int(m[2]) + 1}", node.inner_html or "")

    def relink(self, anchor: LexborNode, page: Page, base: str) -> None:
        """Lead a link to the pack's own entry, or to the site where that is known."""
        href = anchor.attributes.get("href") or ""
        path = urljoin(f"https://pack/{page.url}", href).removeprefix("https://pack/")
        path, _, section = path.partition("#")
        inside = self.ids.get(path)
        if inside:
            own = f"-{section}" if section and path == page.url else ""
            anchor.attrs["href"] = f"#{inside}{own}"
        elif base or "://" in href:
            anchor.attrs["href"] = urljoin(base, href)
        else:
            del anchor.attrs["href"]


def entry(id_: str, title: str, lead: str, body: str, words: list[str]) -> str:
    """Write one entry, closed until it is asked for."""
    small = f"<small>{html.escape(lead)}</small>" if lead else ""
    said = html.escape(" ".join(words), quote=True)
    return (
        f'<details id="{id_}" data-words="{said}"><summary>{html.escape(title)}{small}</summary>\n'
        f"{body.strip()}\n</details>\n"
    )


def flatten(node: LexborNode) -> None:
    """Write tabs below one another, take out what only the site's styles and scripts use."""
    for tabs in node.css(".tabbed-set"):
        labels = [label.text() for label in tabs.css(".tabbed-labels > label")]
        for label, block in zip(labels, tabs.css(".tabbed-content > .tabbed-block"), strict=True):
            [heading] = LexborHTMLParser(f"<h3>{html.escape(label)}</h3>").css("h3")
            block.insert_before(heading)
        for row in tabs.css(".tabbed-labels"):
            row.decompose()
    for one in node.css("span, div"):
        if one != node:
            one.unwrap()
    for one in node.css("*"):
        for name in set(one.attributes) - KEPT:
            del one.attrs[name]
        if one.tag != "a" and "id" in one.attributes:
            del one.attrs["id"]
