"""What each test of a repository depends on: imports, what it is named after, what it names.

Only the standard library is used, so that nox itself can ask.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath

from testbed.sandbox import tool_of
from testbed.tools import NONE, TOOLS
from tooling.course.embeds import Embed

TOOL_SESSIONS = {NONE: "snippets"} | {tool: tool for tool in TOOLS}
RECORDINGS = "tests/content/test_recordings.py"
NAMES = "tests/content/test_names.py"
FORKS = "tests/content/test_forks.py"
FENCES = "tests/content/test_fences.py"
MODULE = (".py", "/__init__.py")


@dataclass(frozen=True)
class Test:
    """What a session can run alone: a test file, or one recording."""

    session: str
    id: str  # as pytest takes it
    about: tuple[str, ...] = ()  # patterns of paths that it depends on, next to what it imports

    def is_about(self, path: str) -> bool:
        """Tell whether a path is what it tests, or helps the tests of its folder and tool."""
        helper = path.startswith(f"{self.room}/") and not PurePosixPath(path).match("test_*")
        helper = helper and TOOL_SESSIONS[tool_of(Path(path))] in ("snippets", self.session)
        return helper or self._about.fullmatch(path) is not None

    @cached_property
    def _about(self) -> re.Pattern[str]:
        """All of its patterns as one: a plan asks each test about each path."""
        return re.compile("|".join(map(translate, self.about)) or "(?!)")  # or nothing fits

    @cached_property
    def room(self) -> str:
        """The folder below tests/ that it is in."""
        return "/".join(self.id.split("/")[:2])


@dataclass(frozen=True)
class Source:
    """What a Python file imports, and the files that its strings may name."""

    imports: frozenset[str] = frozenset()  # paths below the root, whether they are there or not
    words: frozenset[str] = frozenset()


class Tree:
    """The files of a repository, as far as a plan asks for them."""

    def __init__(self, root: Path) -> None:
        """Read nothing yet."""
        self.root = root
        self._sources: dict[str, Source] = {}
        self._inputs: dict[Test, Source] = {}

    @cached_property
    def programs(self) -> list[Path]:
        """Programs, diagrams and labs: what something is recorded from."""
        snippets = (path for path in self.root.glob("snippets/*/*/*") if is_written(path))
        written = sorted([*snippets, *self.root.glob("docs/labs/*.py")])
        return [path.relative_to(self.root) for path in written]

    @cached_property
    def tests(self) -> list[Test]:
        """Everything that a session can run alone."""
        files = sorted(self.root.glob("tests/*/**/test_*.py"))
        found = [test for file in files for test in tests_in(file.relative_to(self.root))]
        return found + [recording(program) for program in self.programs]

    @cached_property
    def embeds(self) -> dict[str, set[str]]:
        """For each page, what it embeds: paths below snippets/, without the suffix."""
        return {
            page.relative_to(self.root).as_posix(): set(embedded(page))
            for page in self.root.glob("docs/**/*.md")
        }

    @cached_property
    def packages(self) -> set[str]:
        """What a dotted name begins with that is ours."""
        return {"tests", "tooling", *(path.name for path in self.root.glob("packages/*/"))}

    @cached_property
    def importers(self) -> dict[str, list[str]]:
        """For each module, the programs that import it: it is a part of them."""
        found: dict[str, list[str]] = {}
        for program in self.programs:
            path = program.as_posix()
            for module in self.reached(path, TOOL_SESSIONS[tool_of(program)]) - {path}:
                found.setdefault(module, []).append(path)
        return found

    def programs_with(self, path: str) -> list[str]:
        """Return the programs that import a module, or that a file is recorded from."""
        programs = (program.as_posix() for program in self.programs)
        stem = path.partition(".")[0]  # a screen is recorded as <idea>.<screen>.webp
        recorded = [one for one in programs if one != path and one.rpartition(".")[0] == stem]
        return [*self.importers.get(path, ()), *recorded]

    def is_affected(self, test: Test, path: str) -> bool:
        """Tell whether a test can end otherwise after a path has changed."""
        if test not in self._inputs:
            self._inputs[test] = self.inputs(test)
        found = self._inputs[test]
        names = names_of(path, folders=test.session != "browser")
        named = not names.isdisjoint(found.words)
        return named or path in found.imports or test.is_about(path)

    def inputs(self, test: Test) -> Source:
        """Return all that a test imports, and what it or a helper of it may name."""
        read = self.reached(test.id, test.session)
        helpers = self.reached(test.id, test.session, through_tests=False)
        own = (file for file in helpers if file.startswith("tests/"))
        words = frozenset[str]().union(*(self.source(file).words for file in own))
        return Source(frozenset(read), words)

    def reached(self, file: str, session: str, *, through_tests: bool = True) -> set[str]:
        """Follow the imports of a file, but for what only the other tools have."""
        found, todo = {file}, [file]
        while todo:
            for one in self.source(todo.pop()).imports - found:
                if owner(one) in (None, session) and (through_tests or "/test_" not in one):
                    found.add(one)
                    todo.append(one)
        return found

    def source(self, file: str) -> Source:
        """Read a Python file once; one that is not there, or no Python, imports nothing."""
        if file not in self._sources:
            self._sources[file] = self._read(file)
        return self._sources[file]

    def _read(self, file: str) -> Source:
        """Read a Python file."""
        try:
            nodes = list(ast.walk(ast.parse((self.root / file).read_text(encoding="utf-8"))))
        except (OSError, ValueError, SyntaxError):
            return Source()
        names = {name for node in nodes for name in imported(node, file)}
        own = (name for name in names if name.partition(".")[0] in self.packages)
        imports = {path for name in own for path in paths(name)} | conftests(file)
        return Source(frozenset(imports), frozenset(w for node in nodes for w in words_of(node)))


def is_written(path: Path) -> bool:
    """Tell a program or a diagram from what is recorded of it."""
    return path.suffix in {".py", ".mmd"}


def tests_in(file: Path) -> Iterator[Test]:
    """Tell by its place which sessions run a test file, and what it is about."""
    path, (_, room, *folders, _) = file.as_posix(), file.parts
    session, home = TOOL_SESSIONS[tool_of(file)], "/".join(folders)
    match room:
        case "site":
            yield Test("browser", path)
        case "content":
            yield from (Test(TOOL_SESSIONS[tool], path, all_of(path, tool)) for tool in TOOLS)
            if path not in (NAMES, FORKS):  # without a tool there are neither
                yield Test(TOOL_SESSIONS[NONE], path, all_of(path, NONE))
        case "snippets":
            stem = (
                f"snippets/{home}/{file.stem.removeprefix('test_')}"  # of a program, or a project
            )
            yield Test(session, path, (f"{stem}.*", f"{stem}/*", f"docs/{home}.md"))
        case "diagnose":
            yield Test(session, path, (f"docs/diagnose/{home}.md",))
        case "labs":
            yield Test(session, path, ("docs/labs/*",))
        case "packages":
            yield Test(session, path)


def all_of(test: str, tool: str) -> tuple[str, ...]:
    """Return what a test of tests/content is about, in the session of one tool."""
    match test:
        case "tests/content/test_recordings.py":
            return ()  # each recording is a test of its own
        case "tests/content/test_forks.py":
            return ()  # it writes its programs itself
        case "tests/content/test_names.py":
            return ("docs/glossary/*",)
        case "tests/content/test_fences.py":
            stage = "warehouse" if tool == NONE else tool
            return ("docs/diagnose/*", f"tests/diagnose/*/test_{stage}.py")
        case "tests/content/test_templates.py":
            return ("tests/fixtures/*",)
    return ("docs/*", "snippets/*")


def recording(source: Path) -> Test:
    """Return the test of one recording."""
    test = f"{RECORDINGS}::test_recording_is_current[{source.as_posix()}]"
    stem = source.with_suffix("").as_posix()
    return Test(TOOL_SESSIONS[tool_of(source)], test, (f"{stem}.*",))


def embedded(page: Path) -> Iterator[str]:
    """Walk over what a page embeds."""
    for line in page.read_text(encoding="utf-8").splitlines():
        if embed := Embed.parse(line):
            yield embed.path.rpartition(".")[0]


def imported(node: ast.AST, file: str) -> Iterator[str]:
    """Walk over the dotted names that a statement of a file imports."""
    match node:
        case ast.Import(names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module, names, level):
            package = file.removeprefix("packages/").split("/")[:-level] if level else []
            base = [*package, *([module] if module else [])]
            yield from (".".join([*base, alias.name]) for alias in names)


def paths(name: str) -> Iterator[str]:
    """Walk over the files that may be read to import a dotted name."""
    parts = name.split(".")
    for number in range(1, len(parts) + 1):
        stem = "/".join(parts[:number])
        yield from (f"{home}{stem}{end}" for home in ("packages/", "") for end in MODULE)


def conftests(file: str) -> set[str]:
    """Return the conftest.py files that a test file is run with."""
    if not file.startswith("tests/") or file.endswith("conftest.py"):
        return set()
    return {f"{folder}/conftest.py" for folder in PurePosixPath(file).parents}


def words_of(node: ast.AST) -> Iterator[str]:
    """Return a string that may name a file or a folder: it has a slash or a suffix."""
    match node:
        case ast.Constant(str(text)) if re.fullmatch(r"\S*[./]\S*", text):
            yield text.strip("/")


def owner(module: str) -> str | None:
    """Return the tool without which a module of the testbed cannot be imported."""
    room, _, rest = module.partition("packages/testbed/")
    name = re.split(r"[/.]", rest)[0]
    return name if not room and name in TOOLS else None


@lru_cache
def names_of(path: str, *, folders: bool) -> set[str]:
    """Return what a string may be that names a path, or a folder of it.

    In a test of the site there are no folders: "glossary/" is the address of one page.
    """
    *parents, name = path.split("/")
    stem = name.rpartition(".")[0]
    ends = [[*parents, name], [*parents, stem], *([parents] if stem == "index" else [])]
    names = {"/".join(end[start:]) for end in ends for start in range(len(end))}
    above = [parents[start:end] for end in range(len(parents) + 1) for start in range(end - 1)]
    return names | {"/".join(folder) for folder in above} if folders else names
