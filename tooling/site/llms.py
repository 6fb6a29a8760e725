"""The course as plain text for programs that read: `llms.txt` and `llms-full.txt`."""

from __future__ import annotations

import html
from functools import lru_cache
from itertools import chain
from pathlib import Path

from bs4 import Tag
from markdownify import markdownify
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tooling.course.course import Course
from tooling.course.pages import Page
from tooling.course.schema import Kind

CONTROLS = ".headerlink, .run, .catalogue-filter, .names, .stepper, .tabbed-set > input, form"
NOT_READ = f"{CONTROLS}, .page-foot, nav, svg"
VERDICTS = {"details.right": "Right.", "details.wrong": "No."}  # as the style sheet has them
LANGUAGE = "language-"


def overview(course: Course, home: str) -> str:
    """Write `llms.txt`: what the course is, and where each part of it stands."""
    head = LexborHTMLParser(home)
    name = meta(head, 'meta[property="og:site_name"]')
    parts = [f"# {name}", f"> {meta(head, 'meta[name=description]')}"]
    parts.append("The same text in one file: [llms-full.txt](llms-full.txt).")
    parts += [listing(title, found) for title, found in shelves(course).items()]
    return "\n\n".join(parts) + "\n"


def shelves(course: Course) -> dict[str, list[Page]]:
    """Return the pages to read, in the order of `nav`, by the title of what they stand in."""
    found = {}
    for section in course.nav.sections:
        first = course.pages.get(section.pages[0]) if section.pages else None
        if first and first.kind in ("track", "course"):
            courses = course.courses_of(first) if first.kind == "track" else [first]
            below = [page for one in courses for page in (one, *course.chapters_of(one))]
            found[section.title] = [first, *below] if first.kind == "track" else below
    kinds: dict[str, Kind] = {"Labs": "lab", "Diagnose": "symptom", "Glossary": "term"}
    return found | {title: course.of_kind(kind) for title, kind in kinds.items()}


def meta(page: LexborHTMLParser, selector: str) -> str:
    """Read what a page's head says of it."""
    return page.css(selector)[0].attributes["content"] or ""


def listing(title: str, pages: list[Page]) -> str:
    """Write a section of `llms.txt`: a link and a sentence for each page."""
    return "\n".join([f"## {title}\n", *(f"- [{p.title}]({p.url}): {p.lead}" for p in pages)])


def full_text(course: Course, site: Path, pages: dict[Path, str]) -> str:
    """Write `llms-full.txt` from the built pages, so that it has what the edition has."""
    texts = []
    for page in chain.from_iterable(shelves(course).values()):
        built = pages.get(site / page.url / "index.html")
        article = LexborHTMLParser(built).css_first("article") if built else None
        if article:
            texts.append(f"<{page.url}>\n\n{as_markdown(plainer(article))}")
    return "\n\n".join(texts) + "\n"


def plainer(article: LexborNode) -> str:
    """Return an article's HTML with its words only: no control, no picture, nothing folded."""
    for figure in article.css("figure.diagram"):
        words = figure.css("desc, figcaption")
        figure.inner_html = "".join(f"<p>{inside(part)}</p>" for part in words)
    for picture in article.css(".screen__picture"):
        shows = picture.css("img")[0].attributes["alt"] or ""
        picture.inner_html = f"A picture: {html.escape(shows)}"
    for node in article.css(NOT_READ):
        node.decompose()
    for link in article.css("a:not([href^=http])"):
        link.unwrap()  # the page that it leads to is in the same text
    unfold(article)
    label_tabs(article)
    for cell in article.css("td, th"):
        cell.inner_html = inside(cell).replace("|", r"\|")
    article.unwrap_tags(["span", "details", "summary", "figure"])
    return article.html or ""


def inside(node: LexborNode) -> str:
    """Return the HTML between the tags of a node."""
    return node.inner_html or ""


def unfold(article: LexborNode) -> None:
    """Make the summary of each folded block a heading, and write the verdict of an answer."""
    for selector, verdict in VERDICTS.items():
        for summary in article.css(f"{selector} > summary"):
            summary.inner_html = f"{verdict} {inside(summary)}"
    level = 1
    for node in article.css("h1, h2, h3, summary"):
        if node.tag == "summary":
            node.inner_html = f"<h{level + 1}>{inside(node)}</h{level + 1}>"
        elif heading := node.tag:
            level = int(heading[1])


def label_tabs(article: LexborNode) -> None:
    """Move the label of each tab into its block."""
    labels = article.css(".tabbed-labels > label")
    for label, block in zip(labels, article.css(".tabbed-block"), strict=True):
        block.inner_html = f"<p><strong>{inside(label)}</strong></p>{inside(block)}"
        label.decompose()


@lru_cache(maxsize=1024)  # few pages change from one build of the server to the next
def as_markdown(article: str) -> str:
    """Write HTML as Markdown, a paragraph a line."""
    return markdownify(
        article,
        heading_style="atx",
        bullets="-",
        wrap=True,
        wrap_width=None,
        escape_asterisks=False,
        escape_underscores=False,
        code_language_callback=language_of,
    )


def language_of(code: Tag) -> str | None:
    """Return the language of a block of code, which the class of its parent names."""
    classes = code.parent.get_attribute_list("class") if code.parent else []
    return next((one.removeprefix(LANGUAGE) for one in classes if one.startswith(LANGUAGE)), None)
