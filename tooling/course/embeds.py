"""What a page embeds: `--8<-- "<path>:<section>"` brings in a file, or a section of it."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

EMBED = re.compile(r' *-+8<-+ "([^":]+)(?::([\w-]+))?"')


@dataclass(frozen=True)
class Embed:
    """A file below snippets/, and the section of it that is shown, or all."""

    path: str
    section: str | None

    @classmethod
    def parse(cls, line: str) -> Embed | None:
        """Read the embed that a line is; most are none."""
        match = EMBED.fullmatch(line)
        return cls(match[1], match[2]) if match else None

    def text(self, root: Path) -> str:
        """Return what it brings in as the page shows it, with its blank lines, from the margin."""
        lines = section_lines(root / "snippets" / self.path, self.section)
        return textwrap.dedent("\n".join(lines)).strip("\n")

    def lines(self, root: Path) -> list[str]:
        """Return the lines that it brings in; none if the file or the section is missing."""
        return embedded_lines(root / "snippets" / self.path, self.section)


def embedded_lines(path: Path, section: str | None) -> list[str]:
    """Return a file's lines that are not empty, or those of one of its sections."""
    return [line for line in section_lines(path, section) if line.strip()]


def section_lines(path: Path, section: str | None) -> list[str]:
    """Return a file's lines but the markers, or those of one of its sections."""
    if not path.is_file():
        return []
    found, inside = [], section is None
    for line in path.read_text(encoding="utf-8").splitlines():
        if "--8<-- [" in line:
            inside = section is None or (inside and f"[end:{section}]" not in line)
            inside = inside or f"[start:{section}]" in line
        elif inside:
            found.append(line)
    return found
