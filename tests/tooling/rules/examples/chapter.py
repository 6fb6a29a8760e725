"""Chapters."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    CHAPTER,
    COURSE,
    SIMULATION,
    Example,
    append,
    replace,
    write,
)

HEAD = """\
---
promise: After this you can go on.
objectives: [go on, stop]
level: beginner
needs: [pipelines/empty-input]
minutes: 3
night: 2026-05-12
tags: [failure mode]
---
# Other
"""

QUESTION = """{"asks": "What came?", "answers": [
    {"text": "Rows", "because": "The folder was empty."},
    {"text": "Nothing", "because": "The folder was empty.", "right": true}
]}"""

# fmt: off
EXAMPLES = [
    Example("eleven-parts", "one is missing", CHAPTER, replace("{ #card }", "{ #cards }"), "section `#cards` out of place; `#card` comes next", "{ #cards }"),
    Example("eleven-parts", "out of order", CHAPTER, replace("{ #tradeoffs }", "{ #tools }"), "out of place; `#tradeoffs` comes next", "{ #tools }"),
    Example("eleven-parts", "the last is missing", CHAPTER, replace("## Sources { #sources }\n", ""), "no section `#sources`; add `## … { #sources }` after this one"),
    Example("eleven-parts", "a heading in its own words", CHAPTER, replace("## The page {", "## 03:12, and nothing pages {")),

    Example("reading-time", "too long for its minutes", CHAPTER, replace("minutes: 3", "minutes: 2"), "minutes to read, 2 planned; bring it to 1.5–2.5", "minutes: 2"),
    Example("reading-time", "a folded note, which does not count", CHAPTER, replace('??? tested "How', '??? tool "Airflow"\n    ' + "word " * 400 + '\n\n??? tested "How')),

    Example("guesses-answered", "two right answers", CHAPTER, replace('??? wrong "Failed"', '??? right "Failed"'), "a guess with 2 answers, 2 of them right; give two to four", "!!! guess"),
    Example("guesses-answered", "one answer", CHAPTER, replace('    ??? wrong "Failed"\n        Nothing raised, so nothing told the orchestrator.\n', ""), "a guess with 1 answers, 1 of them right", "!!! guess"),
    Example("guesses-answered", "nothing to see", CHAPTER, replace("??? reveal", "??? note"), "a guess that shows nothing; end it with one", "!!! guess"),
    Example("guesses-answered", "a note in a tab after it", CHAPTER, append('\n=== "Airflow"\n\n    ??? tool "Airflow: a default"\n        Nine hundred seconds.\n')),

    Example("proof-is-guessed", "a proof that only tells", CHAPTER, replace("!!! guess", "!!! note"), 'a proof without a guess; ask with `!!! guess "…"`', "{ #proof }"),
    Example("proof-is-guessed", "a simulator that only shows", CHAPTER, append('\n```simulator\n--8<-- "pipelines/empty-input/night.json"\n```\n'), "a simulator that does not ask; put it into the `reveal`", "```simulator"),

    Example("proof-is-guessed", "a simulator that asks itself", CHAPTER, append('\n```simulator\n--8<-- "pipelines/empty-input/night.json"\n```\n'), more={SIMULATION: replace('"step": "03:12"', f'"question": {QUESTION}, "step": "03:12"')}),

    Example("card-is-short", "a row is missing", CHAPTER, replace("| Stop | Hold what reads the table |\n", ""), "a card of Don't, Ask, Then fix; write Don't, Stop, Ask, Then fix", "{ #card }"),
    Example("card-is-short", "too many words", CHAPTER, replace("Hold what reads", "Hold " + "word " * 120 + "what reads"), "words; bring it to 120, without its queries", "{ #card }"),
    Example("card-is-short", "a query below it", CHAPTER, replace("</div>\n\n## Check", "</div>\n\n```sql\nSELECT " + "word, " * 150 + "1\n```\n\n## Check")),

    Example("preview-ends-once", "a mark that is misspelt", CHAPTER, replace("<!-- more -->", "<!-- more-->"), "a mark that does not cut; write `<!-- more -->`", "<!-- more-->"),
    Example("preview-ends-once", "twice", CHAPTER, append("\n<!-- more -->\n"), "a cut out of place; keep it to one", "<!-- more -->"),
    Example("preview-ends-once", "outside a chapter", COURSE, append("\n<!-- more -->\n"), "a cut out of place; keep it to one, in a chapter", "<!-- more -->"),
    Example("preview-ends-once", "a chapter that is free", CHAPTER, replace("<!-- more -->\n", "")),

    Example("questions-answered", "no right answer", CHAPTER, replace('??? right "Nothing', '??? wrong "Nothing'), "0 right and 2 wrong answers; give one `??? right`", "### Why did the retries"),
    Example("questions-answered", "too few", CHAPTER, replace("### Why did the retries not help? { #q-retries }\n", ""), "2 questions; ask three to five", "{ #check }"),

    Example("needs-are-chapters", "no such chapter", CHAPTER, replace("needs: []", "needs: [no/such-chapter]"), "needs `no/such-chapter`, which is no chapter; fix its id", "needs: [no/such-chapter]"),

    Example("needs-go-one-way", "a chapter that needs itself", CHAPTER, replace("needs: []", "needs: [pipelines/empty-input]"), "needs itself, by way of `pipelines/empty-input`; take the need out", "needs:"),
    Example("needs-go-one-way", "by way of another", CHAPTER, replace("needs: []", "needs: [pipelines/other]"), "needs itself, by way of `pipelines/other`", "needs:", more={"docs/pipelines/other.md": write(HEAD)}),
    Example("needs-go-one-way", "another chapter", "docs/pipelines/other.md", write(HEAD)),
]
