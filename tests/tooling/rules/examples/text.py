"""How text is written."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    CHAPTER,
    COURSE,
    DIAGRAM,
    PROGRAM,
    PROMISE,
    RECORDING,
    SYMPTOM,
    TERM,
    Example,
    append,
    replace,
    write,
)

# fmt: off
EXAMPLES = [
    Example("files-are-text", "CRLF in a program", PROGRAM, lambda text: (text or "").replace("\n", "\r\n"), "CRLF line ends; save the file with LF line ends", at=PROGRAM),
    Example("files-are-text", "CRLF in a page", CHAPTER, lambda text: (text or "").replace("\n", "\r\n"), "CRLF line ends"),
    Example("files-are-text", "CRLF in a test of the harness", "tests/packages/test_it.py", write("x = 1\r\n"), "CRLF line ends"),
    Example("files-are-text", "a zero-width space", CHAPTER, replace("Green says", "Green\u200b says"), "an invisible character, zero width space (U+200B); delete it", "Green"),
    Example("files-are-text", "a text that runs backwards", PROGRAM, append("# \u202e x\n"), "an invisible character, right-to-left override (U+202E)", "# "),
    Example("files-are-text", "a byte order mark", DIAGRAM, lambda text: f"\ufeff{text}", "an invisible character, zero width no-break space (U+FEFF)", "flowchart"),
    Example("files-are-text", "a control character", CHAPTER, append("\nA bell: \x07.\n"), "an invisible character, control character (U+0007)", "A bell"),

    Example("files-are-text", "an escape in what a program prints", RECORDING, append("\x1b[1mbold\n")),

    Example("lines-end-clean", "a tab", CHAPTER, append("\n-\tText.\n"), "a tab; use spaces", "-\tText."),
    Example("lines-end-clean", "a tab in a test of a symptom", "tests/diagnose/table-is-empty/test_argo.py", write("def test_it(program):\n\tassert program\n"), "a tab; use spaces", "\tassert"),
    Example("lines-end-clean", "spaces at the end", CHAPTER, append("\nText.  \n"), "a space at the end of the line; delete it", "Text.  "),
    Example("lines-end-clean", "no line end", CHAPTER, append("Text."), "no single line end at the end; end with one line end", "Text."),
    Example("lines-end-clean", "blank lines at the end", PROGRAM, append("\n\n"), "no single line end at the end"),

    Example("merges-are-finished", "in a page", CHAPTER, append("\n<<<<<<< HEAD\nOurs.\n=======\nTheirs.\n>>>>>>> main\n"), "of a merge conflict; keep one version"),
    Example("merges-are-finished", "in a program", PROGRAM, append("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> main\n"), "`<<<<<<<` of a merge conflict", at=PROGRAM, line=""),
    Example("merges-are-finished", "a line of seven", PROGRAM, append('"""\nHead\n=======\n"""\n')),

    Example("notes-are-done", "in a page", CHAPTER, append("\nTODO: say why.\n"), "`TODO` is still there; do it, and delete the note", "TODO"),
    Example("notes-are-done", "in front matter", TERM, replace("Nothing pages.", "Nothing pages. FIXME"), "`FIXME` is still there", "FIXME"),
    Example("notes-are-done", "in a program", PROGRAM, append("# FIXME\n"), "`FIXME` is still there", "# FIXME"),
    Example("notes-are-done", "in a test", PROMISE, append("# XXX\n"), "`XXX` is still there", "# XXX"),
    Example("notes-are-done", "a word that has it", CHAPTER, append("\nMASTODON and XXXL.\n")),

    Example("fences-closed", "left open", CHAPTER, append("\n```text\nnever closed\n"), "a fence that is not closed; close it", "```text"),
    Example("fences-closed", "closed by more backticks", CHAPTER, append("\n```text\nclosed\n````\n"), "a fence that may not close", "````"),
    Example("fences-closed", "closed at another column", CHAPTER, append("\n```text\nclosed\n  ```\n"), "a fence that may not close", "  ```"),
    Example("fences-closed", "a line outside", CHAPTER, append("\n- Text\n\n    ```text\noutside\n    ```\n"), "a line that leaves its fence; indent it by 4 spaces", "outside"),
    Example("fences-closed", "words that are no language", CHAPTER, append("\n```text and more words\nx\n```\n"), "a fence that may not open", "```text and"),
    Example("fences-closed", "attributes", CHAPTER, append('\n``` { .python onclick="alert(1)" }\nx\n```\n'), "a fence that may not open", "onclick"),
    Example("fences-closed", "in a quotation", CHAPTER, append("\n> ```sql\n> SELECT 1\n> ```\n"), "a fence in a quotation; write the fence below it", "> ```"),
    Example("fences-closed", "right below other text", CHAPTER, append("\n    indented\n```text\nx\n```\n"), "a fence right below other text; leave a line blank above it", "```text"),
    Example("fences-closed", "in a list", CHAPTER, append("\n- Text\n\n    ```text\n    inside\n\n      more\n    ```\n")),
    Example("fences-closed", "backticks in a longer fence", CHAPTER, append("\n````markdown\n```sql\nSELECT 1\n```\n````\n")),

    Example("code-is-typed-plainly", "curly quotes in a fence", CHAPTER, append("\n```bash\necho “x”\n```\n"), "left double quotation mark `“` in code; type it as a program reads it", "echo"),
    Example("code-is-typed-plainly", "a dash in a fence", CHAPTER, append("\n```bash\nairflow dags list –o json\n```\n"), "en dash `–` in code", "–o"),
    Example("code-is-typed-plainly", "a space that does not break", CHAPTER, append("\n```sql\nSELECT\u00a01\n```\n"), "no-break space", "SELECT"),
    Example("code-is-typed-plainly", "in a line of prose", CHAPTER, append("\nWrite `name=’x’`.\n"), "right single quotation mark `’` in code", "Write"),
    Example("code-is-typed-plainly", "in prose", CHAPTER, append("\nThe log’s “end”.\n\n```text\n€1,000.00 …\n```\n")),

    Example("boxes-hold-their-text", "text that is not indented", CHAPTER, replace("    The first attempt ended in success.", "The first attempt ended in success."), "a box without text; indent its text by 4 spaces", '??? right "Nothing'),
    Example("boxes-hold-their-text", "by three spaces", CHAPTER, replace("    The first attempt ended in success.", "   The first attempt ended in success."), "the text of a box, indented by 3 spaces; indent it by 4", "   The first"),
    Example("boxes-hold-their-text", "by eight spaces", CHAPTER, replace("    The first attempt ended in success.", "        The first attempt ended in success."), "the text of a box, indented by 8 spaces; indent it by 4", "The first"),
    Example("boxes-hold-their-text", "a second line that is not", CHAPTER, replace("    The first attempt ended in success.", "    The first attempt\nended in success."), "a line that has left its box; indent it by 4 spaces, or leave", "ended in success"),
    Example("boxes-hold-their-text", "a second line by two", CHAPTER, replace("    The first attempt ended in success.", "    The first attempt\n  ended in success."), "a line that is only half in its box; indent it by 4 spaces", "  ended"),
    Example("boxes-hold-their-text", "the text of a tab", CHAPTER, replace("    A flow that returns", "  A flow that returns"), "the text of a box, indented by 2 spaces", "  A flow"),
    Example("boxes-hold-their-text", "an answer of no kind", CHAPTER, replace('??? right "Nothing', '??? rihgt "Nothing'), "a box of kind `rihgt`; write `right`", "rihgt"),
    Example("boxes-hold-their-text", "a title without quotes", CHAPTER, replace('??? right "Nothing asked for one"', "??? right Nothing asked for one"), 'write `??? right "Title"`', "??? right Nothing"),
    Example("boxes-hold-their-text", "a tab without quotes", CHAPTER, replace('=== "Prefect"', "=== Prefect"), 'write `=== "Label"`', "=== Prefect"),
    Example("boxes-hold-their-text", "nothing", CHAPTER, append('\n??? right "Nothing"\n'), "a box without text; write its text below", '??? right "Nothing"'),
    Example("boxes-hold-their-text", "a list, a fence and a box in a box", CHAPTER, append('\n!!! note\n    - one\n      more\n\n    ```text\n    x\n    ```\n\n    ??? right "Inner"\n        Text.\n\nAfter.\n')),

    Example("tabs-are-tools", "misspelt", CHAPTER, replace('=== "Airflow"', '=== "Airlfow"'), "a tab `Airlfow`; write `Airflow`", "Airlfow"),
    Example("tabs-are-tools", "in small letters", CHAPTER, replace('=== "Airflow"', '=== "airflow"'), "a tab `airflow`; write `Airflow`", "airflow"),
    Example("tabs-are-tools", "no tool", SYMPTOM, append('\n=== "Luigi"\n\n    Text.\n'), "a tab `Luigi`; it can be Airflow, Dagster, Prefect, Argo", "Luigi"),
    Example("tabs-are-tools", "the same twice", CHAPTER, replace('=== "Prefect"', '=== "Airflow"'), "a second tab `Airflow`; use one", "Airflow"),
    Example("tabs-are-tools", "on a page of another kind", COURSE, append('\n=== "Linux"\n\n    Text.\n')),
    Example("tabs-are-tools", "a second set", CHAPTER, append('\n=== "Airflow"\n\n    Text.\n\nAnd:\n\n=== "Airflow"\n\n    Text.\n')),

    Example("tables-are-even", "a column too many", CHAPTER, replace("| Then fix | An assertion of the effect |", "| Then fix | An assertion | of the effect |"), "a row of 3 cells; its table's head has 2", "Then fix"),
    Example("tables-are-even", "a column too few", CHAPTER, replace("| Then fix | An assertion of the effect |", "| Then fix |"), "a row of 1 cells", "Then fix"),
    Example("tables-are-even", "no head", CHAPTER, replace("|---|---|\n", ""), "a table without a head; write `|---|---|` below the head"),
    Example("tables-are-even", "bars that are meant", CHAPTER, replace("| Then fix | An assertion of the effect |", "| Then fix | `a | b` and a \\| b |")),
]
