"""Nights."""

from __future__ import annotations

from tests.tooling.rules.examples.chapter import HEAD
from tests.tooling.rules.examples.example import CHAPTER, Edit, Example, replace, write

NIGHTS = "tooling/course/nights.toml"
OTHER = "docs/pipelines/other.md"


def says(words: str) -> Edit:
    """Put a sentence on the fixture's chapter."""
    return replace("At 03:12 the load was green", f"{words}\n\nAt 03:12 the load was green")


ALLOWED = {
    "the day": "A normal day is 18,204 orders and €412,380.",
    "with cents": "The figure was €412,380.00.",
    "a week before": "A week before it was 18,392 orders, €418,785.",
    "a doubled day": "It stood at 36,408 new orders and €824,760.",
    "six of eleven files": "Half of it, 9,929 orders and €224,935, or €224,934.",
    "loaded again from file eight": "The dashboard counted 31,443 orders.",
    "dollars for euros": "It said €449,494.20, and the bank had €37,114.20 less.",
    "a difference of two days": "Friday was €6,405 lower, and both were €831,165.",
    "a figure of its own, and what is left": "Paid in pounds: €66,170. The rest is €346,210.",
    "in round figures": "Some 18,200 orders, €412,000, €412 k, and some €410,000.",
    "of the program": "The program's ten orders of €100.00 make €1,000.00, and twice, €2,000.00.",
    "of something else": "There were 61,000 customers, and a row of 65,536 bytes.",
    "in another currency": "The bank had $412,830.",
}
FORBIDDEN = {
    "two digits that changed places": ("It was €412,830.", "`€412,830` does not follow"),
    "another day's orders": ("It had 18,402 orders.", "`18,402 orders` does not follow"),
    "a word between": ("It had 18,402 paid orders.", "`18,402 paid orders` does not follow"),
    "no comma": ("It had 18402 orders.", "`18402 orders` does not follow"),
    "a round figure that is another": ("Some €421 k.", "`€421 k` does not follow"),
    "a part that is none": ("It was €224,395.", "they are 18,204 orders and €412,380, and a week"),
}

# fmt: off
EXAMPLES = [
    Example("night-is-the-tables", "another date", CHAPTER, replace("night: 2026-03-14", "night: 2026-03-15"), "`night` is 2026-03-15, and 2026-03-14 in tooling/course/nights.toml; write the same", "night:"),
    Example("night-is-the-tables", "not in the table", CHAPTER, replace("2026-03-14", "2026-03-14"), 'a night without figures; add `["pipelines/empty-input"]`', "night:", more={NIGHTS: write("")}),
    Example("front-matter", "a chapter without a night", CHAPTER, replace("night: 2026-03-14\n", ""), "`night`"),

    *(Example("figures-of-the-night", name, CHAPTER, says(words), expected, words) for name, (words, expected) in FORBIDDEN.items()),
    *(Example("figures-of-the-night", name, CHAPTER, says(words)) for name, words in ALLOWED.items()),
    Example("figures-of-the-night", "of a chapter that is not linked", CHAPTER, says("On 11 May it was €413,373."), "`€413,373` does not follow"),
    Example("figures-of-the-night", "of a chapter that it links to", CHAPTER, says("On [11 May](other.md) it was €413,373."), more={OTHER: write(HEAD)}),
    Example("figures-of-the-night", "of a chapter that it needs", OTHER, write(HEAD + "\nIt was €413,373, and in March €412,380.\n")),
]
