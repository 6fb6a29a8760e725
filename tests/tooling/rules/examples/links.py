"""Links inside the site, and out of it."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    CHAPTER,
    FOLDER,
    LAB,
    OTHER_TERM,
    Example,
    append,
    replace,
    write,
)

# fmt: off
EXAMPLES = [
    Example("links-lead-somewhere", "a typing error", CHAPTER, replace("../glossary/exit-code.md", "../glossary/exit-cod.md"), "leads to docs/glossary/exit-cod.md, which is not there; did you mean docs/glossary/exit-code.md?", "[exit code](../glossary/exit-cod.md)"),
    Example("links-lead-somewhere", "without .md", CHAPTER, replace("../glossary/exit-code.md", "../glossary/exit-code"), "leads to docs/glossary/exit-code, which is not there"),
    Example("links-lead-somewhere", "from the root", CHAPTER, replace("../glossary/exit-code.md", "/glossary/exit-code/"), "starts at the root; make it relative to this page"),
    Example("links-lead-somewhere", "a missing image", CHAPTER, append("\n![Lanes](../assets/images/no.png)\n"), "leads to docs/assets/images/no.png, which is not there", "![Lanes]"),
    Example("links-lead-somewhere", "from a lab", LAB, replace("../glossary/silent-success.md", "../glossary/silent-succes.md"), "`../glossary/silent-succes.md` leads to", "# What does a loop"),
    Example("links-lead-somewhere", "in code", CHAPTER, append("\nWrite `[x](gone.md)`.\n")),

    Example("links-lead-somewhere", "words on two lines", CHAPTER, append("\nSee [the\nother](gone.md).\n"), "`gone.md` leads to docs/pipelines/gone.md, which is not there", "See [the"),

    Example("downloads-are-there", "a project that is not there", CHAPTER, append("\n[X](snippet:pipelines/empty-input/project_airflow.zip)\n"), "leads to snippets/pipelines/empty-input/project_airflow.zip, which is not there; name a program"),
    Example("downloads-are-there", "a program that is not there", CHAPTER, append("\n[X](snippet:pipelines/empty-input/gone.py)\n"), "leads to snippets/pipelines/empty-input/gone.py, which is not there", "gone.py"),
    Example("downloads-are-there", "a project", CHAPTER, append("\n[X](snippet:pipelines/empty-input/project_airflow.zip)\n"), more={f"{FOLDER}/project_airflow/README.md": write("# X\n")}),

    Example("anchors-are-there", "a broken anchor", CHAPTER, replace("../glossary/exit-code.md", "../glossary/exit-code.md#nope"), "no `#nope` on docs/glossary/exit-code.md; the nearest ids are"),
    Example("anchors-are-there", "an id that the build adds", CHAPTER, replace("../glossary/exit-code.md", "../glossary/exit-code.md#names")),

    Example("nothing-undefined", "a reference link", CHAPTER, append("\nSee [this][that].\n"), "`[this][that]`; write `[text](page.md)`", "See [this]"),
    Example("nothing-undefined", "its address", CHAPTER, append("\nText.\n\n[that]: javascript:alert(1)\n"), "`[that]: javascript:alert(1)`; write", "[that]:"),
    Example("nothing-undefined", "in code", CHAPTER, append("\nTake `rows[0][1]`.\n")),

    Example("images-come-from-here", "an image", CHAPTER, append("\n![Cat](https://example.com/cat.png)\n"), "an image from `https://example.com/cat.png`; copy the image", "![Cat]"),

    Example("images-are-described", "no words", CHAPTER, append("\n![](../assets/images/logo.svg)\n"), "an image without words; write what it shows", "![]("),

    Example("links-out-stand-still", "a link that will move", CHAPTER, replace("/blob/3.3.2/", "/blob/main/"), "`/blob/main/` moves; link to the version that was read", "/blob/main/"),
    Example("links-out-stand-still", "in a note", OTHER_TERM, replace("People add an asset check.", "People [check](https://example.com/stable/checks)."), "`/stable/` moves; link to the version that was read", "  dagster:"),
    Example("links-out-stand-still", "without TLS", CHAPTER, append("\n[x](http://example.com/)\n"), "use `https:`", "[x](http:"),
    Example("links-out-stand-still", "without TLS, in capitals", CHAPTER, append("\n[x](HTTP://example.com/)\n"), "use `https:`", "[x](HTTP:"),

    Example("links-have-words", "a bare address", CHAPTER, append("\nSee https://example.com/docs for more.\n"), "a bare `https://example.com/docs`; write `[what is there](address)`", "See https:"),
    Example("links-have-words", "a bare host", CHAPTER, append("\nSee www.example.com for more.\n"), "a bare `www.example.com`", "See www"),
    Example("links-have-words", "in a note", OTHER_TERM, replace("People add an asset check.", "See https://example.com/checks."), "a bare `https://example.com/checks.", "  dagster:"),
    Example("links-have-words", "in a lab", LAB, replace("Put a number", "Put https://example.com"), "a bare `https://example.com`", "# Put"),
    Example("links-have-words", "in code, and with words", CHAPTER, append("\nAsk `http://localhost:8080`, or read [the docs of\nit](https://example.com/3.3/).\n")),
]
