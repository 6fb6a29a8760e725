"""Pictures of a tool's UI on a page, and the files that they are."""

from __future__ import annotations

import json

from tests.tooling.rules.examples.example import (
    CHAPTER,
    FOLDER,
    Example,
    append,
    write,
)

RECORDING = f"{FOLDER}/night_screens.json"
EMBED = '--8<-- "pipelines/empty-input/night_screens.json:grid"'
MARK = {"says": "text: Late", "at": [50.0, 20.0]}
SCREENS = json.dumps({"screens": {"grid": {"width": 9, "height": 9, "marks": {"bar": MARK}}}})
MORE = {RECORDING: write(SCREENS)}


def screen(*lines: str) -> str:
    """Write a screen with these lines in it."""
    return "\n".join(["", "```screen", *lines, "```", ""])


# fmt: off
EXAMPLES = [
    Example("screens-say-what-they-show", "a picture, its words and its mark", CHAPTER, append(screen(EMBED, "Three nights.", "bar: The short one.")), more=MORE),
    Example("screens-say-what-they-show", "no marks", CHAPTER, append(screen(EMBED, "Three nights.")), more=MORE),
    Example("screens-say-what-they-show", "no recording", CHAPTER, append(screen("Three nights.")), "a screen without a recording; begin with a line", "Three nights.", more=MORE),
    Example("screens-say-what-they-show", "nothing at all", CHAPTER, append(screen()), "a screen without a recording; begin with a line", "```screen"),
    Example("screens-say-what-they-show", "which of the pictures is not said", CHAPTER, append(screen(EMBED.replace(":grid", ""), "Three nights.")), "a screen without a recording", "night_screens.json", more=MORE),
    Example("screens-say-what-they-show", "no such picture", CHAPTER, append(screen(EMBED.replace(":grid", ":gird"), "Three nights.")), "no screen `gird`; name one of grid", ":gird", more=MORE),
    Example("screens-say-what-they-show", "no words for those who do not see it", CHAPTER, append(screen(EMBED, "bar: The short one.")), "says nothing to somebody who does not see it; write below the embed", "night_screens", more=MORE),
    Example("screens-say-what-they-show", "a mark that is not there", CHAPTER, append(screen(EMBED, "Three nights.", "baar: The short one.")), "no mark `baar` on this screen; write `<mark>: …` with one of bar", "baar:", more=MORE),
    Example("screens-say-what-they-show", "a mark of which nothing is said", CHAPTER, append(screen(EMBED, "Three nights.", "bar:")), "nothing is said of `bar`; write `bar: …`", "bar:", more=MORE),
    Example("screens-say-what-they-show", "no recording of screens", CHAPTER, append(screen(EMBED, "Three nights.")), "no screens in pipelines/empty-input/night_screens.json: screens: Field required; record its program again", "night_screens", more={RECORDING: write("{}")}),

    Example("screens-are-light", "41 kB", f"{FOLDER}/empty_input.grid.webp", write("x" * 41_000), "41 kB, and a screen may have 40; enclose less"),
    Example("screens-are-light", "40 kB", f"{FOLDER}/empty_input.grid.webp", write("x" * 40_000)),
    Example("screens-are-light", "no program", f"{FOLDER}/night_screens.grid.webp", write("x"), "recorded from `night_screens.py`, which is not there; delete it"),
]
