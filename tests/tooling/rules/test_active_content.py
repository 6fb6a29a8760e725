"""No page that keeps the rules is built into anything active, however the attack is spelled.

Each page here is built as the site builds it, and read as a browser does. If a script, a handler,
a frame or a link to code has come through, then a rule must have found the page.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import markdown
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser

from testbed.sandbox import ROOT
from tooling.course.course import Course
from tooling.rules import links, markup, text

FIXTURE = Course.read(ROOT / "tests" / "fixtures" / "course")
CHAPTER = FIXTURE.pages["pipelines/empty-input.md"]
GUARDS = [  # the rules that keep it out
    *(links.images_come_from_here, links.nothing_undefined, text.fences_closed),
    *(markup.html_is_listed, markup.attributes_are_listed, markup.links_are_safe),
]
PASSIVE = {
    *("html", "head", "body", "p", "a", "em", "strong", "code", "pre", "span", "br", "hr", "img"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "div", "kbd", "sub"),
    *("sup", "figure", "figcaption", "details", "summary", "input", "label", "button"),
    *("table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "del", "ins", "mark"),
}
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "srcset", "poster", "data")

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt/x>alert(1)</sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=https://example.com></iframe>",
    "<details open ontoggle=alert(1)>",
    '<div class="card" onclick="alert(1)">x</div>',
    '<div\nclass="card"\nonclick="alert(1)">x</div>',
    '<div ` onclick="alert(1)" ` class="card">x</div>',
    "<div class=\"card\" ONMOUSEOVER='alert(1)'>x</div>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#x6A;avascript:alert(1)">x</a>',
    "<meta http-equiv=refresh content=0;url=https://example.com>",
    "<link rel=stylesheet href=https://example.com/x.css>",
    "<style>@import 'https://example.com/x.css'</style>",
    '<video src="https://example.com/x.mp4"></video>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]( javascript:alert(1) 'title')",
    "[x](`javascript:alert(1)`)",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](https://example.com/x.png)",
    "![x](//example.com/x.png)",
    "![x](&#104;ttps://example.com/x.png)",
    "![x \\](own.png) y](https://example.com/x.png)",
    "![x [y](own.png) z](https://example.com/x.png)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript://x%0aalert(1)>",
    "[x](../glossary/exit-code.md){ onclick=alert(1) }",
    '*x*{: onmouseover="alert(1)" }',
    "x\n{ onclick=alert(1) }",
    "## x { onclick=alert(1) }",
    "<!-- --><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
]
AROUND = [
    "{}",
    "Text {} text.",
    "- Text {}",
    "- a ` b\n- {} ` c",
    "- x ` y\n- z ` w\n  q ` {} ` r",
    "a ` b\nc ` {} ` d",
    "a `b\n{}\nc` d",
    "a \\` {} ` b",
    "> {}",
    "> a `\n> {} `",
    "| a | b |\n|---|---|\n| {} | ` |",
    "| a | b |\n|---|---|\n| ` {} | ` |",
    '??? right "{}"\n    Text.',
    '??? right "x"\n    {}',
    '=== "{}"\n\n    Text.',
    "```text\n{}\n```",
    "```text and more\n{}\n```",
    "```text\n{}",
    "    ```text\n{}\n    ```",
    "> ```\n\n```text\n\n{}\n```",
    "    a\n```text\n\n{}\n```",
    "- Text\n\n    ```text\n{}\n    ```",
    "```text\nx\n`````\n{}\n```text\n```",
    "~~~\n{}\n~~~",
    "``` {{ .text {} }}\nx\n```",
    '<div class="card" markdown="1">\n\n{}\n\n</div>',
    '<div class="card">\n{}\n</div>',
    "`{}`",
    "`` ` {} ``",
    "<!--\n```text\n-->\n{}\n```",
    "    {}",
    "x\n: {}",
    "[{}](../glossary/exit-code.md)",
]


@pytest.fixture(scope="module")
def renderer() -> markdown.Markdown:
    config = load_config(str(ROOT / "mkdocs.yml"))
    return markdown.Markdown(
        extensions=config.markdown_extensions, extension_configs=config.mdx_configs
    )


def active(html: str) -> Iterator[str]:
    """Walk over what a browser would act on, or fetch from elsewhere."""
    for node in LexborHTMLParser(f"<body>{html}").css("*"):
        if node.tag not in PASSIVE:
            yield f"<{node.tag}>"
        for name, value in node.attributes.items():
            address = "".join(value or "").translate(dict.fromkeys(range(33))).lower()
            if name.startswith("on") or (name == "style" and "text-align" not in address):
                yield f"{name}={value}"
            if name in ADDRESSES and address.startswith(("javascript:", "vbscript:", "data:")):
                yield f"{name}={value}"
            if name == "src" and address.startswith(("//", "http")):
                yield f"{name}={value}"


def found(words: str) -> bool:
    """Tell whether a chapter with these words breaks one of the rules."""
    page = dataclasses.replace(CHAPTER, text=f"# Title\n\n{words}\n", head="")
    course = dataclasses.replace(FIXTURE, pages={page.uri: page})
    return any(any(rule(course)) for rule in GUARDS)


def check(words: str, renderer: markdown.Markdown) -> None:
    if not found(words):  # or it is never built
        html = renderer.reset().convert(f"# Title\n\n{words}\n")
        assert not list(active(html)), f"{list(active(html))} came through:\n{words}\n{html}"


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_found_wherever_it_stands(attack: str, renderer: markdown.Markdown) -> None:
    for around in AROUND:
        check(around.format(attack), renderer)


def test_a_page_without_an_attack_is_let_pass() -> None:
    assert not found("Text, *words*, `<b>` and a [link](https://example.com/1.2/).")


def test_the_attacks_are_real(renderer: markdown.Markdown) -> None:
    tame = [one for one in ATTACKS if not list(active(renderer.reset().convert(f"# T\n\n{one}\n")))]
    assert len(tame) < len(ATTACKS) / 5, tame


PIECES = [*ATTACKS, *"`<>[](){}|\\\n", "\n\n", "``", "```", "```text", "    ", "- ", "> ", "x", " "]


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=12))
def test_no_mixture_comes_through(pieces: list[str], renderer: markdown.Markdown) -> None:
    check("".join(pieces), renderer)
