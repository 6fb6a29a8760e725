"""What a tool's installed code calls things, so that the glossary's names are checked against it.

Nothing of the tool is run but its command line's own tree: the rest is read from the source.
"""

from __future__ import annotations

import builtins
import importlib
import keyword
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from testbed.tools import TOOLS
from tooling.course.pages import Page
from tooling.course.schema import TermMeta
from tooling.rules.tool_commands import commands
from tooling.rules.tool_source import ANY, Names, names_of

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


@dataclass(frozen=True)
class Span:
    """A name in code quotes in what a term says of a tool, and where it stands."""

    path: str  # below the root
    line: int
    text: str

    def __str__(self) -> str:
        return f"{Path(self.path).stem}: {self.text}"


def spans(page: Page[TermMeta], tool: str) -> Iterator[Span]:
    """Walk over the names that a term gives for a tool, but for those that link to their source."""
    answer = page.meta.names.by_tool[tool]
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


def problem(tool: str, span: str) -> str:
    """Tell what of a name the tool does not know; nothing if it is one of its names."""
    names = names_of(tool)
    if span in names.words:
        return ""
    if span.split()[0] in TOOLS[tool].commands:
        return command_problem(tool, span.split())
    if option := re.match(r"--[a-z][\w-]*", span):
        every = set().union(*commands(tool).values())
        return "" if option[0] in every else f"no command has `{option[0]}`"
    if section := re.match(r"\[(\w+)\] ?(\w*)", span):
        return section_problem(*section.groups())
    if sentence := [part for part in re.split(r"\s*(?:\.\.\.|…|\d/\d|<\w+>)\s*", span) if part]:
        if all(" " in part and part in names.text for part in sentence):
            return ""
    return code_problem(names, tool, span)


def code_problem(names: Names, tool: str, span: str) -> str:
    """Check an expression: paths, then the parameters of what it calls, then every word."""
    span = DATE.sub("", span.replace(">>", "__rshift__"))
    for path in PATH.findall(span):
        if message := path_problem(names, tool, path):
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


def path_problem(names: Names, tool: str, path: str) -> str:
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


def section_problem(section: str, key: str) -> str:
    """Check a section and a key of Airflow's configuration."""
    from airflow.configuration import conf

    options = conf.configuration_description.get(section, {}).get("options", {})
    if not options or (key and key not in options):
        return f"no `{key}` in section `{section}` of its configuration"
    return ""


def command_problem(tool: str, words: list[str]) -> str:
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
