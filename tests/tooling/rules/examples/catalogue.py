"""The glossary and the diagnosis."""

from __future__ import annotations

from tests.tooling.rules.examples.example import (
    CHAPTER,
    OTHER_TERM,
    SYMPTOM,
    TERM,
    Edit,
    Example,
    append,
    replace,
)

FRIEND = """\
false_friends:
  - word: Status
    airflow: what a task has come to
    dagster: null
    prefect: null
    argo: null
    say: state
related:"""


def swap(one: str, other: str) -> Edit:
    """Put two words in each other's place."""

    def edit(text: str | None) -> str:
        assert text is not None
        return other.join(part.replace(other, one) for part in text.split(one))

    return edit


# fmt: off
EXAMPLES = [
    Example("entries-are-whole", "a term that does not matter", TERM, replace("{ #why }", "{ #because }"), "no section `#why`; add"),
    Example("entries-are-whole", "a symptom without its causes", SYMPTOM, replace("{ #causes }", "{ #beware }"), "no section `#causes`; add"),
    Example("entries-are-whole", "a fix before its causes", SYMPTOM, swap("{ #causes }", "{ #fix }"), "the sections are in another order; put them in this order: now, check, causes, fix"),
    Example("first-action-comes-first", "two items", SYMPTOM, replace("3. **The right page** if the run is green. If it is red, read its log.\n", ""), "`#now` has 2 items; write three"),
    Example("first-action-comes-first", "a long way to it", SYMPTOM, replace("Every task is green", "Every task " * 40 + "is green"), "words before the first action; say what it is in 60"),
    Example("checks-need-no-database", "only a query", SYMPTOM, replace("SELECT COUNT(*) FROM orders", "-- in Airflow's metadata database\nSELECT COUNT(*) FROM orders"), "only a query to the tool's own database; put a command", "metadata database"),
    Example("checks-need-no-database", "a command first", SYMPTOM, replace("```sql\nSELECT COUNT(*) FROM orders", "```bash\nairflow dags list\n```\n\n```sql\n-- in Airflow's metadata database\nSELECT COUNT(*) FROM orders")),
    Example("checks-need-no-database", "a query to the warehouse", SYMPTOM, replace("SELECT COUNT(*) FROM orders", "-- in the warehouse\nSELECT COUNT(*) FROM orders")),

    Example("definitions-are-sentences", "two sentences", TERM, replace("happen.\n", "happen. It is bad.\n"), "the definition is not one sentence", "It is bad."),
    Example("definitions-are-sentences", "a link", TERM, replace("A run that", "A [run](exit-code.md) that"), "a link or code in the definition; use plain words"),
    Example("definitions-are-sentences", "too long", TERM, replace("A run that", f"A run {'and a run ' * 20}that"), "say it in 240"),
    Example("definitions-are-sentences", "an abbreviation", TERM, replace("A run that", "A run of, e.g. a load that")),

    Example("definitions-are-no-circle", "two terms", TERM, replace("A run that", "Like an exit code, a run that"), "defined by `silent-success`, which is defined by `exit-code`; define one in plainer words", at=OTHER_TERM, more={OTHER_TERM: replace("The number with", "Not a silent success, the number with")}),

    Example("names-lead-to-one-term", "an alias of two", TERM, replace("aliases: [", "aliases: [return code, "), "alias `return code` already leads to docs/glossary/exit-code.md; keep it in one", "aliases:"),
    Example("names-lead-to-one-term", "an alias that is the title", TERM, replace("aliases: [", "aliases: [silent success, "), "alias `silent success` is the title; drop it", "aliases:"),

    Example("false-friends-stand-once", "explained twice", TERM, replace("related:", FRIEND), "`Status` is already explained in docs/glossary/exit-code.md; keep it in one", "false_friends:"),

    Example("relations-exist", "no such term", TERM, replace("related: [", "related: [no-such-term, "), "`related` names `no-such-term`, but there is no docs/glossary/no-such-term.md; fix the id", "related:"),
    Example("relations-exist", "a term related to itself", TERM, replace("related: [", "related: [silent-success, "), "`related` names `silent-success`, which is this page; take it out", "related:"),
    Example("relations-exist", "no such mode", SYMPTOM, replace("mode: silent-success", "mode: gremlins"), "`mode` names `gremlins`, but there is no docs/glossary/gremlins.md", "mode: gremlins"),
    Example("relations-exist", "no such program", SYMPTOM, replace("/empty_input.py", "/gone.py"), "`snippet` names", "snippet:"),

    Example("first-mention-is-linked", "not linked", CHAPTER, replace("[silent success](../glossary/silent-success.md)", "silent success"), "the first `silent success` is not linked; write `[silent success](../glossary/silent-success.md)`"),
    Example("first-mention-is-linked", "linked twice in a section", CHAPTER, replace("does\nnothing", "does, with\n[exit code](../glossary/exit-code.md) 0, nothing"), "`exit code` is linked a second time in `#mechanism`; link only the first mention"),
    Example("first-mention-is-linked", "linked again in another section", CHAPTER, append("\nIts [exit code](../glossary/exit-code.md).\n")),
]
