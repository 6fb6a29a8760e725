"""The files of the course."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    CHAPTER,
    FOLDER,
    PROGRAM,
    RECORDING,
    Example,
    append,
    write,
)

# fmt: off
EXAMPLES = [
    Example("files-are-small", "a program of 10 MB", PROGRAM, append("x = 1\n" * 1_700_000), "kB, and a `.py` file may have 64; make it smaller"),
    Example("files-are-small", "a test", "tests/snippets/pipelines/empty-input/test_big.py", write("x = 1\n" * 11_000), "66 kB, and a `.py` file may have 64"),
    Example("files-are-small", "a page", CHAPTER, append("word\n" * 30_000), "a `.md` file may have 128"),
    Example("files-are-small", "an image", "docs/assets/images/big.png", write("x" * 200_000), "200 kB, and a `.png` file may have 128"),
    Example("files-are-small", "a recording is long where it has to be", RECORDING, append("x" * 200_000)),

    Example("programs-have-names", "hyphens", f"{FOLDER}/Empty-Output.py", write('"""X."""\n'), "`Empty-Output` is not a name in snake_case; use small letters and underscores"),
    Example("programs-have-names", "a number in a diagram's name", f"{FOLDER}/chains2.mmd", write("flowchart TB\n"), "`chains2` is not a name in snake_case"),

    Example("files-have-a-place", "what a Finder leaves", "docs/pipelines/.DS_Store", write("x"), "a stray file; delete it; here are .md"),
    Example("files-have-a-place", "what a merge leaves", f"{CHAPTER}.orig", write("x"), "a stray file; delete it; here are .md"),
    Example("files-have-a-place", "what an editor leaves", f"{PROGRAM}~", write("x"), "a stray file; delete it; here are .json, .mmd, .out, .py, .svg"),
    Example("files-have-a-place", "a page among the programs", f"{FOLDER}/notes.md", write("# X\n"), "a stray file"),
    Example("files-have-a-place", "an image next to a page", "docs/pipelines/lanes.png", write("x"), "a stray file; delete it; here are .md"),
    Example("files-have-a-place", "a program of no chapter", "snippets/pipelines/idea.py", write('"""X."""\n'), "a file outside of every chapter; move it to snippets/<course>/<chapter>/"),
    Example("files-have-a-place", "what Python leaves", f"{FOLDER}/__pycache__/x.pyc", write("x")),

    Example("files-have-a-place", "a file of a project", f"{FOLDER}/project_airflow/dags/night.py", write('"""X."""\n')),
    Example("files-have-a-place", "what a project that ran has left", f"{FOLDER}/project_airflow/airflow.db", write("x"), "a stray file; delete it; here are .cfg, .md, .py, .sql, .toml, .txt, .yaml"),
    Example("files-have-a-place", "a project of no tool", f"{FOLDER}/project_cron/run.py", write('"""X."""\n'), "a file outside of every chapter"),

    Example("assets-are-used", "an image", "docs/assets/images/cat.png", write("x"), "named by nothing; embed it in a page, or delete it"),
    Example("assets-are-used", "a script", "docs/assets/scripts/cat.mjs", write("x"), "named by nothing"),
    Example("assets-are-used", "an image of a style", "docs/assets/images/cat.png", write("x"), more={"docs/assets/styles/own.css": write("a { background: url(../images/cat.png) }\n"), "mkdocs.yml": append("extra_css: [assets/styles/own.css]\n")}),
]
