"""The course as plain text: every kind of block arrives in it as Markdown."""

from __future__ import annotations

from textwrap import dedent

import pytest
from selectolax.lexbor import LexborHTMLParser

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.site.llms import as_markdown, plainer, shelves


def test_shelves_follow_nav() -> None:
    course = Course.read(ROOT)
    found = shelves(course)
    assert list(found)[-2:] == ["Diagnose", "Glossary"]
    uris = [page.uri for pages in found.values() for page in pages]
    assert len(uris) == len(set(uris))
    kinds = ("track", "course", "chapter", "lab", "symptom", "term")
    assert set(uris) == {page.uri for page in course.of_kind(*kinds)}


def text_of(html: str) -> str:
    article = LexborHTMLParser(f"<article>{html}</article>").css_first("article")
    return as_markdown(plainer(article))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<p>A <a href=https://host/x>source</a>, a <a class=term href=../t/>term</a>\nand"
            " <code>a_b</code>.</p>",
            "A [source](https://host/x), a term and `a_b`.",
        ),
        (
            "<table><thead><tr><th>Tool</th><th>Name</th></tr></thead><tbody><tr><td>Airflow</td>"
            "<td><code>a | b</code></td></tr></tbody></table>",
            """\
            | Tool | Name |
            | --- | --- |
            | Airflow | `a \\| b` |""",
        ),
        (
            "<ol><li>one<ul><li>in it<ul><li>deeper</li></ul></li></ul></li>"
            "<li><p>two</p><p>more</p></li></ol>",
            """\
            1. one
               - in it
                 - deeper
            2. two

               more""",
        ),
        (
            '<div class="language-python highlight"><pre><span></span><code><span class=k>if</span>'
            " x:\n    y | z\n\n</code></pre></div>",
            """\
            ```python
            if x:
                y | z
            ```""",
        ),
        (
            "<h2>Check</h2><h3>Why?</h3><details class=wrong><summary>It <em>slept</em></summary>\n"
            "<p>No delay ran.</p>\n</details>\n<details class=right><summary>Nothing asked"
            "</summary><p>It was green.</p></details>"
            "<h2>More</h2>\n<details><summary>All of it</summary><p>Text</p></details>",
            """\
            ## Check

            ### Why?

            #### No. It *slept*

            No delay ran.

            #### Right. Nothing asked

            It was green.

            ## More

            ### All of it

            Text""",
        ),
        (
            "<div class=tabbed-set><input type=radio><input type=radio><div class=tabbed-labels>"
            "<label>Airflow</label><label>Argo</label></div><div class=tabbed-content>"
            "<div class=tabbed-block><p>one</p></div><div class=tabbed-block><p>two</p></div>"
            "</div></div>",
            """\
            **Airflow**

            one

            **Argo**

            two""",
        ),
        (
            "<figure class=diagram><svg class=diagram><title>Two</title><desc>A leads to B.</desc>"
            "<text>A</text></svg>\n<figcaption>Two chains.</figcaption></figure>",
            "A leads to B.\n\nTwo chains.",
        ),
        (
            "<div class=simulator><p>Quadrant</p><form><label>Step</label></form><svg><text>x"
            "</text></svg><div><dl><div><dt>Wakes</dt><dd>nobody</dd></div></dl><ol><li>03:13</li>"
            "<li>03:15</li></ol></div></div>",
            """\
            Quadrant

            Wakes
            :   nobody

            1. 03:13
            2. 03:15""",
        ),
        (
            "<nav>way</nav><h1>Fix<a class=headerlink href=#fix>#</a></h1><p>It holds.</p>"
            "<div class=run><button>Run</button></div><p class=page-foot>Last changed</p>",
            "# Fix\n\nIt holds.",
        ),
    ],
    ids=["link", "table", "lists", "fence", "details", "tabs", "diagram", "simulator", "chrome"],
)
def test_a_block_is_kept(html: str, text: str) -> None:
    assert text_of(html) == dedent(text)
