"""Chapters."""

from __future__ import annotations

from tests.tooling.rules.examples.example import CHAPTER, COURSE, Example, append, replace, write

HEAD = """\
---
promise: After this you can go on.
objectives: [go on, stop]
level: beginner
needs: [pipelines/empty-input]
minutes: 3
tags: [failure mode]
---
# Other
"""

# fmt: off
EXAMPLES = [
    Example("ten-parts", "one is missing", CHAPTER, replace("{ #card }", "{ #cards }"), "section `#cards` out of place; `#card` comes next", "{ #cards }"),
    Example("ten-parts", "out of order", CHAPTER, replace("{ #tradeoffs }", "{ #tools }"), "out of place; `#tradeoffs` comes next", "{ #tools }"),
    Example("ten-parts", "the last is missing", CHAPTER, replace("## Sources { #sources }\n", ""), "no section `#sources`; add `## … { #sources }` after this one"),
    Example("ten-parts", "a heading in its own words", CHAPTER, replace("## The page {", "## 03:12, and nothing pages {")),

    Example("reading-time", "too long for its minutes", CHAPTER, replace("minutes: 3", "minutes: 2"), "minutes to read, 2 planned; bring it to 1.7–2.3", "minutes: 2"),

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
