"""What a tool's installed code calls things, so that the glossary's names are checked against it.

Nothing of the tool is run but its command line's own tree: the rest is read from the source.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import importlib
import keyword
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from tooling.pages import Page

DISTRIBUTIONS = {
    "airflow": ("apache-airflow",),
    "dagster": ("dagster", "toposort"),  # whose messages are shown as they are
    "prefect": ("prefect", "coolname"),  # which makes up the names of runs
    "argo": ("hera",),
}
SUFFIXES = {".py", ".yml", ".yaml"}
NOT_THE_TOOL = {"tests", "example_dags", "migrations", "templates"}
PROGRAMS = {
    "airflow": {"airflow"},
    "dagster": {"dagster", "dagster-daemon"},
    "prefect": {"prefect"},
    "argo": {"argo", "kubectl"},
}
LANGUAGES = {  # what Python and SQL say is theirs
    *keyword.kwlist,
    *dir(builtins),
    *("now", "FOR", "NO", "KEY", "UPDATE", "SKIP", "LOCKED"),
}
OURS = {  # in the course's examples: what they are called is nobody's claim
    *("a", "b", "task", "load", "load_orders", "orders", "stg_orders", "prices", "warehouse"),
    *("event_time", "day", "eu", "csv", "Skipped"),
}
LINKED = re.compile(r"\[[^\]]*\]\(https://[^)]+\)")
DATE = re.compile(r"\d{4}-\d\d-\d\d[\w:+-]*")
LOOKS_LIKE_CODE = re.compile(r"(?<![`\w])(?:[A-Z][a-z]+[A-Z]\w*|\w+_\w+)(?![`\w])")
PATH = re.compile(r"[A-Za-z]\w*(?:\.\w+)+")
WORD = re.compile(r"[A-Za-z_]\w*")


ANY = "**"  # a parameter that takes whatever it is given


@dataclass(frozen=True)
class Span:
    """A name in code quotes in what a term says of a tool, and where it stands."""

    path: str  # below the root
    line: int
    text: str

    def __str__(self) -> str:
        """Write it as an id."""
        return f"{Path(self.path).stem}: {self.text}"


def spans(page: Page, tool: str) -> Iterator[Span]:
    """Walk over the names that a term gives for a tool, but for those that link to their source."""
    answer = getattr(page.meta.names, tool)
    line = page.line_of(f"  {tool}")
    for text in code_in(f"{answer.name or ''}\n{answer.note or ''}"):
        yield Span(f"docs/{page.uri}", line, text)
    for friend in page.meta.false_friends:
        for text in code_in(f"\n{friend.meanings[tool] or ''}"):
            yield Span(f"docs/{page.uri}", page.line_of("false_friends"), text)


def code_in(said: str) -> list[str]:
    """Return what is in code quotes, and in the first line also what only looks like code."""
    said = LINKED.sub("", said)
    return re.findall(r"`([^`]+)`", said) + LOOKS_LIKE_CODE.findall(said.partition("\n")[0])


@dataclass
class Names:
    """The names that a tool's source defines: read once, asked often."""

    words: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    parameters: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def read(self, node: ast.AST, owner: str = "", local: bool = False) -> None:
        """Take in what a node and those below it define; `owner` is the class around them."""
        match node:
            case ast.ClassDef(name=name, bases=bases):
                self.define(name, owner)
                self.bases[name].update(ast.unparse(base).rpartition(".")[2] for base in bases)
                owner, local = name, False
            case ast.FunctionDef(name=name, args=args) | ast.AsyncFunctionDef(name=name, args=args):
                self.define(name, owner)
                named = {one.arg for one in ast.walk(args) if isinstance(one, ast.arg)}
                whose = owner if name in ("__init__", "__new__") else name
                self.parameters[whose] |= named | ({ANY} if args.kwarg else set())
                self.words |= named
                local = True
            case ast.Name(id=name, ctx=ast.Store()) if not local:
                self.define(name, owner)
            case ast.Attribute(attr=name, ctx=ast.Store()):
                self.define(name, owner)
            case ast.Expr(value=ast.Constant()):
                return  # a docstring names many things that are not there
            case ast.Constant(value=str(value)):
                self.words.add(value)
                self.texts.append(value)
        for child in ast.iter_child_nodes(node):
            self.read(child, owner, local)

    @cached_property
    def text(self) -> str:
        """Everything that the tool can print."""
        return "\n".join(self.texts)

    def define(self, name: str, owner: str) -> None:
        """Take in a name, as a member if it stands in a class."""
        self.words.add(name)
        if owner:
            self.members[owner].add(name)

    def of(self, owner: str, kind: str) -> set[str]:
        """Return the members or the parameters of a class and of the classes that it is made of."""
        found, seen, todo = set(), set(), [owner]
        while todo:
            one = todo.pop()
            found |= getattr(self, kind).get(one, set())
            todo += self.bases.get(one, set()) - seen
            seen.add(one)
        return found


@cache
def names_of(tool: str) -> Names:
    """Read all of a tool's installed source."""
    names = Names()
    for path in files(tool):
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            names.read(ast.parse(source))
        else:
            names.texts.append(source)
            names.words.update(re.findall(r"[\w.-]+", source))
    return names


def files(tool: str) -> Iterator[Path]:
    """Walk over a tool's installed Python and YAML, without its examples and its tests."""
    for one in distributions():
        if one.name.startswith(DISTRIBUTIONS[tool]):
            for file in one.files or ():
                if file.suffix in SUFFIXES and not NOT_THE_TOOL & set(file.parts):
                    yield Path(one.locate_file(file))


def fault(tool: str, span: str) -> str:
    """Tell what of a name the tool does not know; nothing if it is one of its names."""
    names = names_of(tool)
    if span in names.words:
        return ""
    if span.split()[0] in PROGRAMS[tool]:
        return command_fault(tool, span.split())
    if option := re.match(r"--[a-z][\w-]*", span):
        every = set().union(*commands(tool).values())
        return "" if option[0] in every else f"no command has `{option[0]}`"
    if section := re.match(r"\[(\w+)\] ?(\w*)", span):
        return section_fault(*section.groups())
    if sentence := [part for part in re.split(r"\s*(?:\.\.\.|…|\d/\d|<\w+>)\s*", span) if part]:
        if all(" " in part and part in names.text for part in sentence):
            return ""
    return code_fault(names, tool, span)


def code_fault(names: Names, tool: str, span: str) -> str:
    """Check an expression: paths, then the parameters of what it calls, then every word."""
    span = DATE.sub("", span.replace(">>", "__rshift__"))
    for path in PATH.findall(span):
        if message := path_fault(names, tool, path):
            return message
    for called, given in re.findall(r"(\w+)\(([^()]*)", span):
        has = names.of(called, "parameters") | names.of(called, "members")
        for parameter in re.findall(r"(\w+)=", given):
            if parameter not in has and ANY not in has:
                return f"`{called}` takes no `{parameter}`"
    for word in WORD.findall(PATH.sub("", span)):
        if word not in OURS | LANGUAGES and not word_is_known(names, tool, word):
            return f"no `{word}` in its source"
    return ""


def word_is_known(names: Names, tool: str, word: str) -> bool:
    """Tell whether a word is defined, is put together of two, or is a name inside a text."""
    if word in names.words or word.rstrip("_") in names.words:
        return True
    parts = [(word[: at + 1], word[at + 1 :]) for at, letter in enumerate(word) if letter == "_"]
    if any(first in names.words and rest in names.words for first, rest in parts):
        return True
    if tool == "prefect" and word.startswith("PREFECT_"):
        return hasattr(importlib.import_module("prefect.settings"), word)
    return "_" in word and re.search(rf"\b{word}\b", names.text) is not None


def path_fault(names: Names, tool: str, path: str) -> str:
    """Check `a.b`: a text, something that can be imported, or a member of a class called so."""
    *_, owner, member = path.split(".")
    if path in names.text:
        return ""
    if path.count(".") > 1 and member in names.words and path.removesuffix(member) in names.words:
        return ""  # a text that the member is put into
    if owner in OURS | {"self"} and member in names.words | OURS:
        return ""
    if path.split(".")[0] == tool:
        try:
            pkgutil.resolve_name(path)
        except (ImportError, AttributeError):
            return f"`{path}` cannot be imported"
        return ""
    wanted = owner.replace("_", "").casefold()
    for name in [*names.members]:
        if name.casefold().endswith(wanted) and member in names.of(name, "members"):
            return ""
    return f"no `{member}` in a class called like `{owner}`"


def section_fault(section: str, key: str) -> str:
    """Check a section and a key of Airflow's configuration."""
    from airflow.configuration import conf

    options = conf.configuration_description.get(section, {}).get("options", {})
    if not options or (key and key not in options):
        return f"no `{key}` in section `{section}` of its configuration"
    return ""


def command_fault(tool: str, words: list[str]) -> str:
    """Check a command of the tool's own command line, with its options."""
    tree, path = commands(tool), tuple(words[:1])
    for word in words[1:]:
        if (*path, word) in tree:
            path = (*path, word)
        elif word.startswith("-"):
            if word not in tree.get(path, set()):
                return f"`{' '.join(path)}` has no `{word}`"
        elif any(len(other) > len(path) and other[: len(path)] == path for other in tree):
            return f"`{' '.join(path)}` has no `{word}`"
    return "" if path in tree else f"no command line of `{words[0]}` is installed here"


@cache
def commands(tool: str) -> dict[tuple[str, ...], set[str]]:
    """Return every command of a tool with its options."""
    match tool:
        case "airflow":
            from airflow.cli.cli_parser import get_parser

            return dict(of_argparse(("airflow",), get_parser()))
        case "dagster":
            from dagster._cli import create_dagster_cli
            from dagster._daemon.cli import create_dagster_daemon_cli

            daemon = of_click(("dagster-daemon",), create_dagster_daemon_cli())
            return dict([*of_click(("dagster",), create_dagster_cli()), *daemon])
        case "prefect":
            from prefect.cli._app import _app

            return dict(of_cyclopts(("prefect",), _app))
    return {}


Command = tuple[tuple[str, ...], set[str]]


def of_argparse(path: tuple[str, ...], parser: Any) -> Iterator[Command]:  # noqa: ANN401
    """Walk over the commands of an argparse parser."""
    yield path, {option for action in parser._actions for option in action.option_strings}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from of_argparse((*path, name), below)


def of_click(path: tuple[str, ...], command: Any) -> Iterator[Command]:  # noqa: ANN401
    """Walk over the commands of a click group."""
    yield path, {option for parameter in command.params for option in parameter.opts}
    for name, below in getattr(command, "commands", {}).items():
        yield from of_click((*path, name), below)


def of_cyclopts(path: tuple[str, ...], app: Any) -> Iterator[Command]:  # noqa: ANN401
    """Walk over the commands of a cyclopts application."""
    arguments = app.assemble_argument_collection() if app.default_command else ()
    yield path, {option for argument in arguments for option in argument.names}
    for name in app:
        if not name.startswith("-"):
            yield from of_cyclopts((*path, name), app[name])
