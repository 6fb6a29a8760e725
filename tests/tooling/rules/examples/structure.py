"""Pages and their place."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    CHAPTER,
    COURSE,
    OTHER_TERM,
    SYMPTOM,
    TERM,
    Example,
    append,
    replace,
    write,
)

# fmt: off
EXAMPLES = [
    Example("front-matter", "unknown key", CHAPTER, replace("minutes: 3", "minutes: 3\nauthor: me"), "unknown key `author`; the keys of a chapter are", "author: me"),
    Example("front-matter", "missing key", CHAPTER, replace("level: beginner\n", ""), "`level` is missing; the keys of a chapter are"),
    Example("front-matter", "unknown value", CHAPTER, replace("level: beginner", "level: expert"), "`level`: Input should be 'beginner', 'intermediate' or 'advanced'", "level: expert"),
    Example("front-matter", "unknown tag", CHAPTER, replace("tags: [failure mode]", "tags: [misc]"), "`tags.0`: Input should be 'failure mode'", "tags: [misc]"),
    Example("front-matter", "broken YAML", CHAPTER, replace("level: beginner", "level: beginner: really"), "the front matter is not YAML", "level: beginner: really"),
    Example("front-matter", "a tool is missing from a term", TERM, replace("  argo:", "  cargo:"), "`names.argo` is missing", "names:"),
    Example("front-matter", "a name without a version", OTHER_TERM, replace(', since: "3.0"', ""), "a name needs `since`", "names:"),
    Example("front-matter", "a false friend without a way out", OTHER_TERM, replace("    say: state\n", ""), "`false_friends.0.say` is missing", "false_friends:"),
    Example("front-matter", "a false friend that means nothing", OTHER_TERM, lambda text: (text or "").replace("airflow: what a task has come to", "airflow: null").replace("argo: the field that holds all of it", "argo: null"), "means something in one tool at least", "false_friends:"),
    Example("front-matter", "a key that may be left out", CHAPTER, replace("needs: []\n", "")),

    Example("one-title", "no title", CHAPTER, replace("# Empty Input\n", ""), "no title; begin with `# Title`"),
    Example("one-title", "two titles", CHAPTER, replace("## Sources", "# Again\n\n## Sources"), "a second `#` title; use `##`", "# Again"),
    Example("one-title", "text above the title", CHAPTER, replace("# Empty Input\n", "First.\n\n# Empty Input\n"), "text before the title; put the title first", "First."),
    Example("one-title", "a comment in code", CHAPTER, append("\n```bash\n# no title\n```\n")),

    Example("names", "a number", "docs/contribute/part-2.md", write("# Part two\n\nText.\n"), "`part-2` is not a name in kebab-case; use small letters and hyphens"),
    Example("names", "a capital and an underscore", "docs/pipelines/Empty_Output.md", write("# X\n"), "use small letters and hyphens, no numbers"),

    Example("nav-complete", "a page outside", "docs/contribute/extra.md", write("# Extra\n\nText.\n"), "in `nav` 0 times; list `contribute/extra.md` once"),
    Example("nav-complete", "a page twice", "mkdocs.yml", append("  - pipelines/empty-input.md\n"), "in `nav` 2 times; list `pipelines/empty-input.md` once", at=CHAPTER),
    Example("nav-complete", "a missing page", "mkdocs.yml", append("  - gone.md\n"), "`nav` names `gone.md`, which is not in docs/; write the page", "- gone.md"),
    Example("nav-complete", "a folder", "mkdocs.yml", append("  - pipelines\n"), "`nav` names `pipelines`, which is a folder; name its pages", "- pipelines"),
    Example("nav-complete", "the folder of a catalogue", "mkdocs.yml", append("  - glossary\n"), "`nav` names `glossary`, which is a folder", "- glossary"),
    Example("nav-complete", "the folder of the labs", "mkdocs.yml", append("  - labs\n"), "`nav` names `labs`, which is a folder", "- labs"),
    Example("nav-complete", "an entry of a catalogue", "mkdocs.yml", append("  - glossary/exit-code.md\n"), "in `nav` 1 times; its catalogue lists it", at=OTHER_TERM),
    Example("nav-complete", "a lab outside", "mkdocs.yml", replace("      - labs/count-orders.ipynb\n", ""), "list `labs/count-orders.ipynb` once", at="docs/labs/count-orders.py"),

    Example("nav-titles", "a section called otherwise", "mkdocs.yml", replace("  - Basics:", "  - The Basics:"), "section `The Basics` opens with a page called `Basics`; call both the same"),
    Example("nav-titles", "a shelf of pages may be called anything", "mkdocs.yml", replace("  - Labs:", "  - Notebooks:")),

    Example("unique-ids", "the same id twice", CHAPTER, replace("{ #q-green }", "{ #q-retries }"), "a second `#q-retries`; give it its own", "### What does green"),

    Example("steps", "a level skipped", CHAPTER, replace("### Why did", "#### Why did"), "`####` skips a level; use `###`", "#### Why did"),
    Example("steps", "back up by two levels", COURSE, append("\n### Detail { #detail }\n\nText.\n\n## Next { #next }\n\nText.\n")),

    Example("parts-are-filled", "an empty part", CHAPTER, replace("An assertion costs a query, and wakes somebody on a holiday.\n", ""), "nothing below `## The price`; write it, or delete the heading", "## The price"),
    Example("parts-are-filled", "the last part", COURSE, append("\n## Next { #next }\n"), "nothing below `## Next`", "## Next"),
    Example("parts-are-filled", "only headings below", COURSE, append("\n## Next { #next }\n\n### Detail { #detail }\n\nText.\n")),

    Example("front-matter", "a key twice", CHAPTER, replace("level: beginner", "level: beginner\nlevel: advanced"), "the key `level` stands twice; keep one", "level: advanced"),
    Example("front-matter", "a tool twice", TERM, replace("  argo:", "  airflow: {name: null, note: No.}\n  argo:"), "the key `airflow` stands twice; keep one", "  airflow: {name: null, note: No.}"),

    Example("lists-name-things-once", "an alias twice", TERM, replace("aliases: [", "aliases: [silent failure, "), "`aliases` names `silent failure` twice; keep one of them", "aliases:"),
    Example("lists-name-things-once", "a question twice", TERM, replace('asked: [', 'asked: ["green but no data", '), "`asked` names `green but no data` twice", "asked:"),
    Example("lists-name-things-once", "words twice", SYMPTOM, replace("seen: [", "seen: [no rows today, "), "`seen` names `no rows today` twice", "seen:"),
    Example("lists-name-things-once", "a related term twice", TERM, replace("related: [", "related: [exit-code, "), "`related` names `exit-code` twice", "related:"),
    Example("lists-name-things-once", "a name in capitals", TERM, replace("aliases: [", "aliases: [SILENT FAILURE, ")),
]
