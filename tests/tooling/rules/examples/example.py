"""What a rule forbids or allows: a small change to the fixture course, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

Edit = Callable[[str | None], str | None]  # from a file's text to its new one; None: no such file

HOME = "docs/index.md"
COURSE = "docs/pipelines/index.md"
CHAPTER = "docs/pipelines/empty-input.md"
TERM = "docs/glossary/silent-success.md"
OTHER_TERM = "docs/glossary/exit-code.md"  # with a name in a tool, and a false friend
SYMPTOM = "docs/diagnose/table-is-empty.md"
LAB = "docs/labs/count-orders.py"
FOLDER = "snippets/pipelines/empty-input"
PROGRAM = f"{FOLDER}/empty_input.py"
RECORDING = f"{FOLDER}/empty_input.out"
SIMULATION = f"{FOLDER}/night.json"
DIAGRAM = f"{FOLDER}/two_chains.mmd"
DRAWING = f"{FOLDER}/two_chains.svg"
PROMISE = "tests/snippets/pipelines/empty-input/test_empty_input.py"


@dataclass(frozen=True)
class Example:
    """One change to the course: `says` is part of the message, or nothing where it is allowed."""

    rule: str
    name: str
    path: str  # the file that is changed
    edit: Edit
    says: str = ""
    line: str | None = None  # part of the line that the message points at; None: any line
    at: str | None = None  # the file that the message points at, if it is another
    more: dict[str, Edit] = field(default_factory=dict)  # other files that are changed with it

    def __str__(self) -> str:
        """Write it as an id."""
        return f"{self.rule}: {self.name}"


def replace(old: str, new: str) -> Edit:
    """Replace the first of these words."""

    def edit(text: str | None) -> str:
        assert text is not None and old in text, f"nothing to replace: `{old}` is not there"
        return text.replace(old, new, 1)

    return edit


def append(new: str) -> Edit:
    """Add text at the end, or at the start of a new file."""
    return lambda text: (text or "") + new


def write(new: str) -> Edit:
    """Replace the whole file, or make it."""
    return lambda text: new


def delete() -> Edit:
    """Remove the file."""
    return lambda text: None


@contextmanager
def applied(example: Example, root: Path) -> Iterator[None]:
    """Have the change in a copy of the course, until the end of the block."""
    edits = {
        root / path: edit for path, edit in {example.path: example.edit, **example.more}.items()
    }
    before = {path: path.read_bytes() if path.is_file() else None for path in edits}
    try:
        for path, edit in edits.items():
            old = before[path]
            put(path, edit(None if old is None else old.decode()))
        yield
    finally:
        for path, data in before.items():
            put(path, data)


def put(path: Path, data: str | bytes | None) -> None:
    """Write a file as it is given, or remove it."""
    if data is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
