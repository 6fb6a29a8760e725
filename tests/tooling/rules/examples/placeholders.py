"""Placeholders: in pages, programs and tests."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    CHAPTER,
    PROGRAM,
    PROMISE,
    SYMPTOM,
    Example,
    append,
    replace,
    write,
)

RULE = "nothing-left-to-write"
STAGE = "tests/diagnose/table-is-empty/test_airflow.py"
EXAMPLES = [
    Example(
        RULE,
        "in front matter",
        CHAPTER,
        replace("  - say what an exit code proves", "  - …"),
        "`…` is still there; write what belongs here",
        "  - …",
    ),
    Example(
        RULE,
        "in a choice of front matter",
        CHAPTER,
        replace("level: beginner", "level: beginner  # … choose one"),
        "`… choose one` is still there",
        "level: beginner",
    ),
    Example(RULE, "in the text", CHAPTER, append("\n…\n"), "`…` is still there", "…"),
    Example(
        RULE,
        "before its hint",
        CHAPTER,
        append("\n- … what it costs.\n"),
        "`… what it costs.` is still there",
        "- …",
    ),
    Example(
        RULE,
        "at the end of a sentence",
        CHAPTER,
        append("\nAfter this you can …\n"),
        "`…` is still there",
        "After this",
    ),
    Example(
        RULE,
        "in a fence",
        SYMPTOM,
        append("\n```sql\n-- … what it tells\n```\n"),
        "`… what it tells` is still there",
        "-- …",
    ),
    Example(RULE, "in a program", PROGRAM, append("\n# … why\n"), "`… why` is still there", "# …"),
    Example(
        RULE,
        "in a test",
        PROMISE,
        append('\nWRONG = "… the outcome"\n'),
        "`… the outcome` is still there",
        "WRONG =",
    ),
    Example(
        RULE,
        "in the test of a symptom",
        STAGE,
        write('ANSWER = "…"\n'),
        "`…` is still there",
        "ANSWER =",
    ),
    Example(RULE, "left out of a quotation", CHAPTER, append("\nThe log said *exit … 0*.\n")),
    Example(RULE, "what a tool prints", CHAPTER, append("\nIt prints `… and 3 more`.\n")),
]
