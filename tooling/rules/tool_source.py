"""The names that a tool's installed source defines; nothing of it is run."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import distributions
from pathlib import Path

from testbed.tools import TOOLS

SUFFIXES = {".py", ".yml", ".yaml"}
NOT_THE_TOOL = {"tests", "example_dags", "migrations", "templates"}
ANY = "**"  # a parameter that takes whatever it is given


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
        found: set[str] = set()
        seen: set[str] = set()
        todo = [owner]
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
        if one.name.startswith(TOOLS[tool].sources):
            for file in one.files or ():
                if file.suffix in SUFFIXES and not NOT_THE_TOOL & set(file.parts):
                    yield Path(str(one.locate_file(file)))
