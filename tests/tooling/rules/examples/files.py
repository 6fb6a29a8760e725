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
]
