"""Merge the stylesheets, without what no page and no script of this site can match.

The theme styles components that are not used here (its search, its blog, annotations, two dozen
palettes). Without them a chapter's first view is about 10 kB lighter on the wire. Our own styles
lose their comments and their indentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tooling.site.files import write_text

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")  # minified, and rules do not nest
NOT_SELECTORS = re.compile(r"\A(?:/\*.*?\*/|@[^{};]*;|\s)*", re.S)  # that stand before them
EMPTY_BLOCK = re.compile(r"@(?:media|supports)[^{}]+\{\s*\}")
NAME = re.compile(r"\.([\w-]+)|=\"?([\w-]+)")  # a class, or an attribute's value
WORD = re.compile(r"[\w-]+")
ICON = re.compile(r'(--md-[\w-]+):url\("data:[^"]*"\);?|(--md-[\w-]+):url\(\'data:[^\']*\'\);?')
TAB = re.compile(r"\.tabbed-.*:nth-child\((\d+)\)")  # the theme provides for twenty tabs
FUNCTION = re.compile(r":(?:not|is|where)\([^()]*\)")
TAG = re.compile(r"<[^>]+>")
# What the theme's script draws only where a feature is on that is off here: its search, notes in
# code, a choice of versions, a repository's stars; and no page is written from right to left.
DRAWN = re.compile(r"md-|tabbed|js$|focus-visible$|hidden$")  # all else in it is no class
OFF = re.compile(r"md-(search|annotation|version|source)|rtl$")
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def prune(site: Path, pages: Iterable[str]) -> None:
    """Prune every stylesheet of the theme in a built site, and compress our own."""
    for sheet in site.glob("assets/styles/*.css"):
        sheet.write_text(compressed(sheet.read_text("utf-8")), "utf-8")
    sheets = sorted((site / "assets" / "stylesheets").glob("*.css"))
    scripts = [*site.glob("assets/javascripts/*.js"), *site.glob("assets/scripts/*.mjs")]
    ours = [path for path in scripts if path.suffix == ".mjs"]
    words = {word for path in ours for word in WORD.findall(path.read_text("utf-8"))}
    theme = [path for path in scripts if path.suffix == ".js"]
    drawn = {word for path in theme for word in WORD.findall(path.read_text("utf-8"))}
    words |= {word for word in drawn if DRAWN.match(word)}
    words = {word for word in words if not OFF.match(word)}
    words |= {word for text in pages for tag in TAG.findall(text) for word in WORD.findall(tag)}
    texts = {sheet: pruned(sheet.read_text("utf-8"), words) for sheet in sheets}
    asked = set(re.findall(r"var\((--md-[\w-]+)", "".join(texts.values())))
    for sheet, text in texts.items():
        sheet.write_text(ICON.sub(lambda m: m[0] if (m[1] or m[2]) in asked else "", text), "utf-8")


def compressed(css: str) -> str:
    """Take out comments, line ends and indentation; no value of ours holds two spaces."""
    return re.sub(r"(?<=[{};,]) | (?=[{}])", "", " ".join(COMMENT.sub("", css).split()))


def pruned(css: str, words: set[str]) -> str:
    """Keep of each rule the selectors whose names all occur somewhere, and drop empty blocks."""

    def keep(rule: re.Match[str]) -> str:
        selectors = NOT_SELECTORS.sub("", rule[1])
        head = rule[1].removesuffix(selectors)
        kept = [one for one in split(selectors) if matches(one, words)]
        return f"{head}{','.join(kept)}{{{rule[2]}}}" if kept else head

    css = RULE.sub(keep, css)
    return EMPTY_BLOCK.sub("", css)


def matches(selector: str, words: set[str]) -> bool:
    """Tell whether a selector can match: what it must not match does not count."""
    names = NAME.findall(FUNCTION.sub("", selector))
    tab = TAB.search(selector)
    if tab and not any(
        word.startswith("__tabbed_") and word.endswith(f"_{tab[1]}") for word in words
    ):
        return False
    return all((one or other) in words for one, other in names)


def split(selectors: str) -> list[str]:
    """Split a list of selectors at its commas, not at those inside brackets."""
    return re.split(r",(?![^()]*\))", selectors)


STYLES = re.compile(r'<link rel="stylesheet" href="([^"]*?)(assets/[^"]+\.css)">\s*')
MERGED = "assets/styles/site.css"
OWN = {  # only on pages with this
    "simulator": re.compile('class="drawing'),
    "exercise": re.compile('class="exercise"'),
    "names": re.compile('class="names"'),
    "screen": re.compile('class="?screen"?'),
    "progress": re.compile('class="(?:cards|continue|progress)"'),
}
OWN_SHEETS = [f"assets/styles/{name}.css" for name in OWN]
OWN_STYLES = re.compile(rf'<link rel="stylesheet" href="[^"]*styles/({"|".join(OWN)})\.css">')


def merge_styles(site: Path, home: str) -> None:
    """Write the styles that every page has as one file: each file more is a round trip more."""
    sheets = [path for _, path in STYLES.findall(home) if path not in (MERGED, *OWN_SHEETS)]
    if sheets:
        texts = [(site / path).read_text(encoding="utf-8") for path in sheets]
        write_text(site / MERGED, "\n".join(texts))
    for path in sheets:
        (site / path).unlink()
        (site / f"{path}.map").unlink(missing_ok=True)


def with_one_style(site: Path, text: str) -> str:
    """Link the merged file in the place of the first of those that it holds."""
    gone = [match for match in STYLES.finditer(text) if not (site / match[2]).exists()]
    for match in reversed(gone[1:]):
        text = text[: match.start()] + text[match.end() :]
    if gone:
        link = f'<link rel="stylesheet" href="{gone[0][1]}{MERGED}">\n'
        text = text[: gone[0].start()] + link + text[gone[0].end() :]
    return text
