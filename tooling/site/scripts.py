"""Take the comments out of our own scripts in a built site: they are for who reads the source."""

from __future__ import annotations

import re
from pathlib import Path

from tooling.site.files import write_text

COMMENT = re.compile(r"^[ \t]*(?:/\*\*.*?\*/|//[^\n]*)[ \t]*\n", re.S | re.M)  # on lines of its own


def without_comments(site: Path) -> None:
    """Rewrite every script of ours; each page loads three of them, a third of which is comments."""
    for script in sorted((site / "assets" / "scripts").glob("*.mjs")):
        write_text(script, COMMENT.sub("", script.read_text(encoding="utf-8")))
