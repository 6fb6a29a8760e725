"""Build the same sources with Zensical, the successor of the builder, and list what differs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from testbed.sandbox import LABS, PACKAGES, ROOT
from tooling.site.build import build
from tooling.site.components import PACK

OURS, THEIRS = ROOT / ".build/site-mkdocs", ROOT / ".build/site-zensical"  # it empties .cache/
FEATURES = ("a.term", ".badge", ".lead", ".snippet-foot", "figure.diagram svg", "[data-entry]")
AROUND = (".search-open", ".md-tabs__link", ".md-path", ".md-footer__link", "link[rel=preload]")
NO_NOTEBOOKS = "it has no renderer of notebooks, and copies them as they are"
# What is known to differ, by page, and why that is no reason to stop.
KNOWN = {f"labs/{lab.stem}/index.html": NO_NOTEBOOKS for lab in LABS.glob("*.py")}
KNOWN[PACK] = "made of the built pages, by us"


def build_with_zensical() -> None:
    """Build into THEIRS; only the output folder differs from mkdocs.yml."""
    config = Path("zensical-check.yml")
    config.write_text(f"INHERIT: mkdocs.yml\nsite_dir: {THEIRS}\n")
    try:
        paths = os.pathsep.join([str(ROOT), str(PACKAGES)])  # where it finds our extension
        env = {**os.environ, "PYTHONPATH": paths}
        subprocess.run(["zensical", "build", "--clean", "-f", str(config)], check=True, env=env)
    finally:
        config.unlink()


def differences(ours: Path, theirs: Path) -> dict[str, str]:
    """Return, by page, the first thing in which two builds differ for the reader."""
    pages = {path.relative_to(ours).as_posix() for path in ours.rglob("*.html")}
    found = {page: "not built" for page in pages if not (theirs / page).exists()}
    for page in sorted(pages - set(found)):
        mine, yours = parsed(ours / page), parsed(theirs / page)
        for feature in FEATURES + AROUND:
            counts = len(mine.css(feature)), len(yours.css(feature))
            if counts[0] != counts[1]:
                found.setdefault(page, f"`{feature}` {counts[0]} times, with Zensical {counts[1]}")
        if (text := words(mine)) != (other := words(yours)):
            found.setdefault(page, first_difference(text, other))
    return found


def parsed(path: Path) -> LexborHTMLParser:
    """Read a built page."""
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def words(page: LexborHTMLParser) -> list[str]:
    """Return the words of a page's article, without the theme's own furniture."""
    [article] = page.css("article")
    for chrome in article.css(".md-tags, .md-source-file, .md-content__button, .headerlink"):
        chrome.decompose()
    return re.findall(r"\S+", article.text(separator=" "))


def first_difference(mine: list[str], yours: list[str]) -> str:
    """Show where two texts part."""
    at = next((n for n, (a, b) in enumerate(zip(mine, yours, strict=False)) if a != b), -5)
    return f"reads `{' '.join(mine[at : at + 5])}`, with Zensical `{' '.join(yours[at : at + 5])}`"


def main() -> None:
    """Print every difference; fail for one that is not known."""
    build(OURS)
    build_with_zensical()
    found = differences(OURS, THEIRS)
    for page, what in sorted(found.items()):
        print(f"{page}: {what}" + (f" (known: {KNOWN[page]})" if page in KNOWN else ""))
    unknown = sorted(set(found) - set(KNOWN))
    pages = len(list(OURS.rglob("*.html")))
    print(f"{len(found)} of {pages} pages differ, {len(unknown)} of them for no known reason.")
    sys.exit(bool(unknown) or not pages)


if __name__ == "__main__":
    main()
