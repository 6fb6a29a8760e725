"""The site's own parts of a lab's page, once mkdocs-jupyter has rendered the recorded notebook.

It renders by the template in `tooling/site/templates/`, knows nothing of Markdown files as targets
of links, and has no place for what stands below a title or at the end.
"""

from __future__ import annotations

import html
import os
import posixpath
import re
from pathlib import Path

from markdown import markdown

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.course.pages import Page
from tooling.course.reading import reading_minutes
from tooling.site import components

TEMPLATES = Path(__file__).parent / "templates"
FOOT = "<!-- foot -->"  # where the template ends, and the renderer adds its styles
ADDED = re.compile(rf"{FOOT}\s*<style>.*?</style>", re.S)
LINK = re.compile(r'<a href="([^":#]+\.(?:md|ipynb))(#[^"]*)?">')


def use_own_template() -> None:
    """Let the renderer find our template first, and no configuration of the reader's."""
    os.environ |= {"JUPYTER_PATH": str(TEMPLATES), "JUPYTER_NO_CONFIG": "1"}


def finished(course: Course, page: Page, text: str) -> str:
    """Complete a lab's page."""
    if FOOT not in text:
        return text  # it is complete
    text = LINK.sub(lambda match: link(course, page, match[1], match[2] or ""), text)
    text = text.replace(f'{page.uri}" title="Edit', f'{page.source}" title="Edit')
    head, title, body = text.partition("</h1>")
    body = body.replace("<p>", '<p class="lead">', 1).replace("</p>", f"</p>\n{facts(page)}", 1)
    return head + title + ADDED.sub(lambda _: as_html(components.page_foot(page)), body)


def link(course: Course, page: Page, path: str, anchor: str) -> str:
    """Point a link at the page that is built from a file; one to a term has its preview."""
    target = course.pages[posixpath.normpath(posixpath.join(posixpath.dirname(page.uri), path))]
    href = f'href="{posixpath.relpath(target.url or ".", page.url)}/{anchor}"'
    if target.kind != "term":
        return f"<a {href}>"
    return f'<a class="term" {href} data-definition="{html.escape(target.lead)}">'


def facts(page: Page) -> str:
    """Write how long a lab takes, and how to have it and run it."""
    name = posixpath.basename(page.source)
    minutes = components.duration(round(reading_minutes(page, ROOT)))
    run = components.run_command(f"docs/{page.source}")
    return as_html(f"{minutes} · [{name}](../{name}) · Standard library only · {run}\n{{ .facts }}")


def as_html(text: str) -> str:
    """Render a line of the site's own."""
    return markdown(text, extensions=["attr_list"])
