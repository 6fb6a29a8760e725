"""Write a whole repository of the final size, on which to measure what the course will cost.

Its content is the real one, multiplied: copies of chapters, symptoms and terms, with their
programs, recordings and tests, under names of their own. Every rule and test holds there too.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from testbed.sandbox import ROOT
from tooling.authoring.insertion import nav_line
from tooling.course.course import Course
from tooling.course.nights import NIGHTS
from tooling.course.pages import Page
from tooling.course.planned import PLANNED
from tooling.course.reading import reading_minutes
from tooling.course.schema import Kind

HOME = ROOT / ".build" / "synthetic"
UNITS = {  # written chapters and lessons, by course
    "anatomy-of-a-broken-pipeline": 8,
    "pipeline-quality-vs-data-quality": 6,
    "dags-tasks-and-the-scheduler-loop": 7,
    "idempotency-and-state": 6,
    "scheduler-deep-dive": 10,
    "airflow-in-production": 7,
    "pipeline-orchestration": 7,
}
SYMPTOMS, TERMS = 60, 300
MARKS = ("alder", "birch", "cedar", "hazel", "juniper", "linden", "maple", "rowan")
LINKED = (".nox", ".venv", ".cache", ".build/runtime")  # set up once, for both
FENCE = '```text\n--8<-- "{stem}.out"\n```\n\n'
PICTURE = '```picture\n--8<-- "{stem}.json"\nWhat it recorded.\n```\n\n'
EMBED = re.compile(r'--8<-- "([^":.]+)')  # its path without the suffix
BEFORE = re.compile(r"^(## .*\{ #tools \})$", re.M)  # where an exercise stands


@dataclass(frozen=True)
class Copy:
    """A copy of a page: what it is of, where it stands, and what tells the two apart."""

    page: Page
    stem: str  # its path below docs/, without the suffix
    mark: str

    @property
    def path(self) -> str:
        """Its path below the root."""
        return f"docs/{self.stem}.md"

    @property
    def text(self) -> str:
        """The text of the page under a title of its own."""
        return re.sub(r"^# (.+)$", rf"# \1 ({self.mark})", self.page.text, count=1, flags=re.M)


def write(folder: Path) -> None:
    """Write the repository: the real tree, its content multiplied, one commit."""
    copy_tree(folder)
    course = Course.read(ROOT)
    chapters = [*names_of_chapters(course)]
    entries = [
        *names_of_entries(course, "symptom", SYMPTOMS),
        *names_of_entries(course, "term", TERMS),
    ]
    for copy in chapters:
        add_chapter(copy, folder)
    add_to_nav(course, chapters, folder)
    for copy in entries:
        add_entry(copy, folder)
    add_queries([*chapters, *entries], folder)
    (folder / PLANNED).unlink(missing_ok=True)  # all of it is there
    show_everything(folder)
    commit(folder)


def copy_tree(folder: Path) -> None:
    """Copy what git knows or would add, and link what is set up."""
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(git, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    for path in found.stdout.split("\0"):
        if (ROOT / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / path)
    for path in LINKED:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).symlink_to((ROOT / path).resolve(), target_is_directory=True)


def names_of_chapters(course: Course) -> Iterator[Copy]:
    """Name copies of the written chapters, taken in turn, until each course has its number."""
    written = course.of_kind("chapter")
    homes = [page.id.partition("/")[0] for page in written]
    missing = [name for name, units in UNITS.items() for _ in range(units - homes.count(name))]
    for number, name in enumerate(missing):
        page, mark = written[number % len(written)], MARKS[number // len(written)]
        yield Copy(page, f"{name}/{page.id.rpartition('/')[2]}-{mark}", mark)


def names_of_entries(course: Course, kind: Kind, wanted: int) -> Iterator[Copy]:
    """Name copies of entries, as many as are missing."""
    there = course.of_kind(kind)
    for page in there[: wanted - len(there)]:
        yield Copy(page, f"{page.stem}-{MARKS[0]}", MARKS[0])


def add_chapter(copy: Copy, folder: Path) -> None:
    """Copy a chapter's page, programs, recordings and tests."""
    page, home = copy.page, copy.page.id.partition("/")[0]
    for room in ("snippets", "tests/snippets"):
        shutil.copytree(folder / room / page.id, folder / room / copy.stem)
    (folder / copy.path).write_text(f"---\n{page.head}---\n{copy.text}", encoding="utf-8")
    for path in (folder / copy.path, *(folder / "tests/snippets" / copy.stem).iterdir()):
        text = path.read_text(encoding="utf-8")
        text = re.sub(rf'{page.id}(?=[/"])', copy.stem, text)
        path.write_text(text.replace("](index.md", f"](../{home}/index.md"), encoding="utf-8")
    add_night(copy, folder)


def add_night(copy: Copy, folder: Path) -> None:
    """Give a copy the night of its original, whose figures its text has."""
    path = folder / NIGHTS
    nights = path.read_text(encoding="utf-8")
    if found := re.search(rf'^\["{copy.page.id}"\]\n((?:.+\n)+)', nights, re.M):
        path.write_text(f'{nights}\n["{copy.stem}"]\n{found[1]}', encoding="utf-8")


def add_to_nav(course: Course, chapters: list[Copy], folder: Path) -> None:
    """List chapters below those of their courses."""
    config = folder / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    for name in UNITS:
        section = course.section_of(f"{name}/index.md")
        last = section.pages[-1] if section else ""
        for copy in reversed([one for one in chapters if one.stem.startswith(f"{name}/")]):
            text = nav_line(text, last, f"{copy.stem}.md")
    config.write_text(text, encoding="utf-8")


def add_entry(copy: Copy, folder: Path) -> None:
    """Copy a term or a symptom, with its tests, under words that lead to nothing else."""
    facts = yaml.safe_load(copy.page.head)
    for key in facts.keys() & {"aliases", "asked", "seen"}:
        facts[key] = [f"{words} {copy.mark}" for words in facts[key]]
    for friend in facts.get("false_friends", []):
        friend["word"] += f" {copy.mark}"
    head = yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=sys.maxsize)
    (folder / copy.path).write_text(f"---\n{head}---\n{copy.text}", encoding="utf-8")
    tests = folder / "tests" / copy.page.stem
    if tests.is_dir():
        shutil.copytree(tests, folder / "tests" / copy.stem)


def add_queries(copies: list[Copy], folder: Path) -> None:
    """Let a copy answer what its original answers, since they have the same text."""
    path = folder / "tests" / "site" / "queries.toml"
    lines = []
    for kind, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        lines.append(f"[{kind}]")
        for text, answer in table.items():
            pages = [answer] if isinstance(answer, str) else answer
            pages = [*pages, *(copy.stem for copy in copies if copy.page.stem in pages)]
            lines.append(f"{json.dumps(text)} = {json.dumps(pages)}")
    path.write_text("\n".join(lines), encoding="utf-8")


def show_everything(folder: Path) -> None:
    """Embed what is on no page yet, as exercises and what only the glossary shows of a chapter.

    The minutes planned follow.
    """
    course = Course.read(folder)
    shown = {path for page in course.pages.values() for path in EMBED.findall(page.text)}
    for page in course.of_kind("chapter"):
        programs = sorted(path.stem for path in (folder / "snippets" / page.id).glob("*.py"))
        hidden = {f"{page.id}/{program}" for program in programs} - shown
        fences = "".join(fence(stem, folder) for stem in sorted(hidden))
        before, heading, after = BEFORE.split(page.text, maxsplit=1)
        text = f"{before}{fences}{heading}{after}"
        minutes = round(reading_minutes(replace(page, text=text), folder))
        head = re.sub(r"^minutes: \d+$", f"minutes: {minutes}", page.head, flags=re.M)
        (folder / "docs" / page.uri).write_text(f"---\n{head}---\n{text}", encoding="utf-8")


def fence(stem: str, folder: Path) -> str:
    """Embed what a program printed, or the picture that it recorded."""
    printed = (folder / f"snippets/{stem}.out").is_file()
    return (FENCE if printed else PICTURE).format(stem=stem)


def commit(folder: Path) -> None:
    """Make it a repository with one commit, for pages show when they last changed."""
    who = ["-c", "user.name=Synthetic", "-c", "user.email=synthetic@example.org"]
    git = ["git", *who, "-c", "commit.gpgsign=false"]
    subprocess.run([*git, "init", "--quiet"], cwd=folder, check=True)
    (folder / ".git" / "info" / "exclude").write_text("\n".join(LINKED), encoding="utf-8")
    subprocess.run([*git, "add", "--all"], cwd=folder, check=True)
    message = "course: multiply the content"
    subprocess.run([*git, "commit", "--quiet", "--message", message], cwd=folder, check=True)


def main(arguments: list[str]) -> None:
    """Write it into a folder, by default .build/synthetic, in the place of an earlier one."""
    folder = Path(arguments[0]).absolute() if arguments else HOME
    if folder == HOME:
        shutil.rmtree(HOME, ignore_errors=True)
    elif folder.exists():
        sys.exit(f"{folder} is there already; name a new folder")
    write(folder)
    print(f"A course of the final size is in {folder}; run any session there.")


if __name__ == "__main__":
    main(sys.argv[1:])
