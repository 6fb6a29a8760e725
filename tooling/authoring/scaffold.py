"""Make the files of a new chapter, term or symptom, in every room; overwrite nothing."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from testbed.sandbox import ROOT
from tooling.course.pages import CATALOGUES
from tooling.rules.structure import KEBAB

CHAPTER = """\
---
promise: After this you can …
objectives:
  - …
  - …
level: beginner
needs: []
tools: []
minutes: 12
tags: [failure mode]
---
# {title}

## The page {{ #page }}

## The wrong first theory {{ #theory }}

## The mechanism {{ #mechanism }}

## It breaks {{ #proof }}

```python
--8<-- "{id}/{idea}.py:bug"
```

```text
--8<-- "{id}/{idea}.out"
```

## It holds {{ #fix }}

```python
--8<-- "{id}/{idea}.py:fix"
```

## In your tool {{ #tools }}

## The price {{ #tradeoffs }}

## The card {{ #card }}

## Check yourself {{ #check }}

## Sources {{ #sources }}
"""
PROGRAM = '''\
"""Say in one line what this shows."""

ORDERS = [100.00] * 10


# --8<-- [start:bug]
def revenue_broken() -> float:
    """Say what is wrong with it."""
    return 0.0


# --8<-- [end:bug]
# --8<-- [start:fix]
def revenue_fixed() -> float:
    """Say what makes it right."""
    return sum(ORDERS)


# --8<-- [end:fix]

if __name__ == "__main__":
    print(f"broken: EUR {{revenue_broken():.2f}}")
    print(f"fixed:  EUR {{revenue_fixed():.2f}}")
'''
TEST = '''\
"""What the chapter promises of {idea}.py."""


def test_bug_is_real() -> None:
    raise NotImplementedError("assert the wrong outcome of the broken version")


def test_fix_holds() -> None:
    raise NotImplementedError("assert the right outcome of the fixed version")
'''
TERM = """\
---
theme: failure-modes
aliases: []
names:
  airflow: {{name: null, note: "…"}}
  dagster: {{name: null, note: "…"}}
  prefect: {{name: null, note: "…"}}
  argo: {{name: null, note: "…"}}
related: []
asked: ["…", "…"]
---
# {title}

One sentence that defines it.

## Why it matters at 3 a.m. {{ #why }}

…
"""
SYMPTOM = """\
---
seen: ["…", "…"]
mode: silent-success
tools: [airflow]
---
# {title}

One sentence: what this means.

## The check {{ #check }}

…

## First safe action {{ #first }}

…

## What not to touch {{ #not }}

…

## The fix {{ #fix }}

…
"""
USAGE = """\
usage: new chapter <course>/<chapter>
       new term <term>
       new symptom <words-people-use>"""


def files_of(kind: str, name: str) -> dict[str, str]:
    """Return the files of a new chapter, term or symptom: their paths and first texts."""
    title = name.rpartition("/")[2].replace("-", " ").capitalize()
    if kind == "chapter":
        idea = name.rpartition("/")[2].replace("-", "_")
        words = {"id": name, "idea": idea, "title": title}
        return {
            f"docs/{name}.md": CHAPTER.format(**words),
            f"snippets/{name}/{idea}.py": PROGRAM.format(**words),
            f"tests/snippets/{name}/test_{idea}.py": TEST.format(**words),
        }
    folder = next(folder for folder, entry in CATALOGUES.items() if entry == kind)
    template = TERM if kind == "term" else SYMPTOM
    return {f"docs/{folder}/{name}.md": template.format(title=title)}


def problem_with(kind: str, name: str, root: Path) -> str | None:
    """Return why these files cannot be made, or nothing."""
    parts = name.split("/")
    if len(parts) != (2 if kind == "chapter" else 1):
        return USAGE
    if wrong := next((part for part in parts if not KEBAB.fullmatch(part)), None):
        return f"`{wrong}` is no name: small letters and hyphens, no numbers"
    if kind == "chapter" and not (root / "docs" / parts[0] / "index.md").is_file():
        return f"there is no course docs/{parts[0]}/; the first part of the name is its course"
    there = [path for path in files_of(kind, name) if (root / path).exists()]
    return f"{there[0]} is there already; nothing was written" if there else None


def with_nav_line(nav: str, name: str) -> str:
    """Add a chapter to its course in mkdocs.yml, after those that are there."""
    course = name.partition("/")[0]
    lines = [match for match in re.finditer(rf"^( *)- {course}/[\w-]+\.md\n", nav, re.M)]
    last = lines[-1]
    return f"{nav[: last.end()]}{last[1]}- {name}.md\n{nav[last.end() :]}"


def main(arguments: list[str], root: Path) -> None:
    """Make the files and say what to do next."""
    match arguments:
        case [("chapter" | "term" | "symptom") as kind, name]:
            if problem := problem_with(kind, name, root):
                sys.exit(problem)
        case _:
            sys.exit(USAGE)
    for path, text in files_of(kind, name).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        print(f"made {path}")
    if kind == "chapter":
        config = root / "mkdocs.yml"
        config.write_text(with_nav_line(config.read_text(encoding="utf-8"), name), encoding="utf-8")
        print("added it to `nav` in mkdocs.yml")
        print(f"next: python3 noxfile.py record snippets/{name}/{Path(path).stem[5:]}.py")
    print("then: python3 noxfile.py check, which says what is still missing")


if __name__ == "__main__":
    main(sys.argv[1:], ROOT)
