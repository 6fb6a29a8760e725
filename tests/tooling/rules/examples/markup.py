"""What a page may hold besides Markdown; `test_active_content.py` has the spellings of an attack."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    CHAPTER,
    COURSE,
    DRAWING,
    LAB,
    SYMPTOM,
    TERM,
    Example,
    append,
    replace,
    write,
)

NOTEBOOK = LAB.replace(".py", ".ipynb")
OUTPUT = '"outputs": [{{"data": {{"{}": ["{}"]}}, "output_type": "display_data"}}]'


def shown(kind: str, text: str) -> str:
    """Write a notebook whose one cell shows this."""
    return f'{{"cells": [{{"cell_type": "code", "source": [], {OUTPUT.format(kind, text)}}}]}}'


# fmt: off
EXAMPLES = [
    Example("html-is-listed", "a script", CHAPTER, append("\n<script>alert(1)</script>\n"), "a `<script>` element; write it in Markdown, or use one of div", "<script>"),
    Example("html-is-listed", "a style", CHAPTER, append('\n<div style="color: red">x</div>\n'), "an attribute `style`; use one of class, markdown", "<div style"),
    Example("html-is-listed", "a handler", CHAPTER, append('\n<div onclick="alert(1)">x</div>\n'), "an attribute `onclick`; use one of class, markdown", "onclick"),
    Example("html-is-listed", "a frame", CHAPTER, append('\nText <iframe src="https://example.com"></iframe>\n'), "a `<iframe>` element", "iframe"),
    Example("html-is-listed", "a refresh", CHAPTER, append('\n<meta http-equiv="refresh" content="0">\n'), "a `<meta>` element", "meta"),
    Example("html-is-listed", "another spelling", CHAPTER, append("\n<DIV/onclick=alert(1)>x</div>\n"), "which may be a tag; write tags as `<name attribute=\"value\">`", "<DIV"),
    Example("html-is-listed", "a class of the theme", CHAPTER, append('\n<div class="md-overlay"></div>\n'), '`class="md-overlay"`; use one of card', "md-overlay"),
    Example("html-is-listed", "not closed", CHAPTER, replace("</div>\n", ""), "`<div>` is not closed; add `</div>`", "<div"),
    Example("html-is-listed", "closed twice", CHAPTER, append("\n</div>\n"), "`</div>` closes what is not open", "</div>"),
    Example("html-is-listed", "an address in brackets", CHAPTER, append("\n<https://example.com>\n"), ", which may be a tag", "<https:"),
    Example("html-is-listed", "in a lab", LAB, replace("Put a number", "<script>"), "a `<script>` element", "# <script>"),
    Example("html-is-listed", "what is listed, and code", CHAPTER, append('\n<div class="card" markdown="1">\n\nPress <kbd>Ctrl</kbd> or `<script>`; 1 < 2.\n\n</div>\n')),

    Example("comments-are-directives", "misspelt", COURSE, replace("<!-- chapters -->", "<!-- chpaters -->"), "no directive `chpaters`; write `<!-- chapters -->`", "<!-- chpaters"),
    Example("comments-are-directives", "a note", COURSE, append("\n<!-- nobody reads this -->\n"), "no directive `nobody reads this`; delete the comment", "<!-- nobody"),
    Example("comments-are-directives", "without its spaces", COURSE, replace("<!-- chapters -->", "<!--chapters-->"), "a directive that does nothing; write `<!-- chapters -->` on a line", "<!--chapters"),
    Example("comments-are-directives", "within a line", COURSE, replace("<!-- chapters -->", "They are: <!-- chapters -->"), "a directive that does nothing", "They are:"),
    Example("comments-are-directives", "over several lines", COURSE, append("\n<!--\nhidden\n-->\n"), "no directive `hidden`", "<!--"),
    Example("comments-are-directives", "no such term", CHAPTER, append("\n<!-- say-it-in: exit-code, silent-sucess -->\n"), "no term `silent-sucess`; write `silent-success`", "<!-- say-it-in"),
    Example("comments-are-directives", "no term at all", CHAPTER, append("\n<!-- say-it-in -->\n"), "no term ``; write the ids of terms", "<!-- say-it-in"),
    Example("comments-are-directives", "terms for a directive that takes none", COURSE, replace("<!-- chapters -->", "<!-- chapters: exit-code -->"), "no directive `chapters: exit-code`", "<!-- chapters"),
    Example("comments-are-directives", "terms", CHAPTER, append("\n<!-- say-it-in: exit-code, silent-success -->\n")),
    Example("comments-are-directives", "in code", COURSE, append("\nWrite `<!-- chpaters -->`.\n")),

    Example("attributes-are-listed", "a handler", CHAPTER, append('\n[exit](../glossary/exit-code.md){ onclick="alert(1)" }\n'), 'in the page\'s prose; write `{ #id }`, `{ .class }`', "onclick"),
    Example("attributes-are-listed", "a style", CHAPTER, append("\nText.\n{: style=color:red }\n"), "`{: style=color:red }` in the page's prose", "style"),
    Example("attributes-are-listed", "a class of the theme", CHAPTER, append("\nText.\n{ .md-overlay }\n"), "`md-overlay` is none of card", "md-overlay"),
    Example("attributes-are-listed", "an id, a class and code", CHAPTER, append("\nText `{{ ds }}`.\n{ .lead }\n\n## More { #more-text }\n\nText.\n")),

    Example("links-are-safe", "a script", CHAPTER, append("\n[x](javascript:alert(1))\n"), "a link to `javascript:alert(1`; link to a page, or to an `https:` address", "[x]"),
    Example("links-are-safe", "in entities", CHAPTER, append("\n[x](&#106;ava&Tab;script:alert(1))\n"), "a link to `&#106;ava", "[x]"),
    Example("links-are-safe", "data", CHAPTER, append("\n![x](data:image/png;base64,AAAA)\n"), "a link to `data:image", "![x]"),
    Example("links-are-safe", "a mail", CHAPTER, append("\n[x](mailto:me@example.com)\n"), "a link to `mailto:", "[x]"),
    Example("links-are-safe", "in a lab", LAB, replace("Put a number", "[x](vbscript:x)"), "a link to `vbscript:x`", "# [x]"),
    Example("links-are-safe", "a time and a page", CHAPTER, append("\n[At 03:12](../glossary/exit-code.md#why), `[x](javascript:1)`.\n")),

    Example("front-matter-is-text", "HTML in a note", TERM, replace("People add an asset check.", "People <img src=x onerror=alert(1)>."), "HTML `<img src=x onerror=alert(1)>.` in `names`; put code between backticks", "names:"),
    Example("front-matter-is-text", "HTML in an escape", TERM, replace("People add an asset check.", "People \\x3cscript\\x3e."), "HTML `<script>.` in `names`", "names:"),
    Example("front-matter-is-text", "a link in a promise", CHAPTER, replace("promise: After this", "promise: After [this](javascript:alert(1))"), "a link to `javascript:alert(1` in `promise`", "promise:"),
    Example("front-matter-is-text", "an image", TERM, replace("People add an asset check.", "![x](https://example.com/x.png)"), "an image in `names`; show it in the page's text", "names:"),
    Example("front-matter-is-text", "attributes", SYMPTOM, replace("no rows today", '"no rows { onclick=x }"'), "`{ onclick=x }` in `seen`", "seen:"),
    Example("front-matter-is-text", "a quote in a description", "docs/labs/index.md", replace("One lab.", "0;url=https://example.com\" http-equiv=\"refresh"), "a double quote in `description`; use other words", "description:"),
    Example("front-matter-is-text", "code, a link and a template", TERM, replace("People add an asset check.", "People use `<run id>`, {{ ds }} or [this](https://example.com/3.3/).")),

    Example("drawings-hold-still", "a script", DRAWING, replace("</svg>", "<script>alert(1)</script></svg>"), "a `<script>` element"),
    Example("drawings-hold-still", "a handler", DRAWING, replace("<svg ", '<svg onload="alert(1)" '), "an attribute `onload`"),
    Example("drawings-hold-still", "a link", DRAWING, replace("</svg>", '<a href="https://example.com"><text>x</text></a></svg>'), "a `<a>` element"),
    Example("drawings-hold-still", "a paint from elsewhere", DRAWING, replace("<svg ", '<svg stroke-width="url(https://example.com/x)" '), "`stroke-width` with a `url(…)`"),
    Example("drawings-hold-still", "an entity", "docs/assets/images/own.svg", write('<!DOCTYPE svg [<!ENTITY x "y">]>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>\n'), ", which may be a tag"),
    Example("drawings-hold-still", "a comment", DRAWING, replace("</svg>", "<!-- x --></svg>"), "a comment; delete it"),

    Example("lab-outputs-are-listed", "a script", NOTEBOOK, write(shown("text/html", "<script>alert(1)</script>")), "a cell shows a `<script>` element; show a Table, Bars or Lines", at=LAB),
    Example("lab-outputs-are-listed", "JavaScript", NOTEBOOK, write(shown("application/javascript", "alert(1)")), "a cell shows `application/javascript`", at=LAB),
    Example("lab-outputs-are-listed", "a table", NOTEBOOK, write(shown("text/html", "<table><tr><td>1</td></tr></table>"))),
]
