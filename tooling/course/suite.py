"""What a test file says about itself, read from its text: what it tests, asserts and leaves out.

To read all of them takes a second, so what was read is kept in .cache/, by the text of each file.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from testbed.sandbox import ROOT

Finding = tuple[int, str, str]  # line, what is wrong, what would be right
Names = dict[str, str]  # from a name in the file to what it stands for; its own are `.name`
Nodes = Sequence[ast.AST]
Defined = ast.FunctionDef | ast.AsyncFunctionDef

SKIPS = {
    *("pytest.importorskip", "pytest.skip", "pytest.xfail"),
    *("pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"),
    *("unittest.SkipTest", "unittest.expectedFailure"),
    *("unittest.skip", "unittest.skipIf", "unittest.skipUnless"),
}
FAIL, FIXTURE, SUPPRESS = "pytest.fail", "pytest.fixture", "contextlib.suppress"
RAISES = {"pytest.deprecated_call", "pytest.raises", "pytest.warns"}
EXPECT = "playwright.sync_api.expect"  # `expect(page).to_have_title("Home")` waits, and asserts
CATCH_ALL = {".AssertionError", ".BaseException", ".Exception"}
LEFT_OUT = {"collect_ignore", "collect_ignore_glob", "__test__"}  # names that pytest looks for
FIXTURES = ["fixtures"]  # a course that tests copy and break: the one folder to leave out
COMMENTED = re.compile(r"\s*#\s*((async\s+)?def\s+test|class\s+Test|@pytest\.)")
QUOTED = re.compile(r"^\s*(async\s+)?def\s+test", re.M)

ASSERT = "compare what happened with what should have"
RUN = "have it run and pass, or delete it"
LACKS = "have it pass; for what a machine may lack, call `lacks` of tests/machine.py"


@dataclass
class Function:
    """A function of a file: what decides whether a test that calls it can fail."""

    line: int
    asserts: bool
    calls: list[str]  # dotted, as in Names


@dataclass
class Facts:
    """What a file below tests/ says about itself."""

    functions: dict[str, Function] = field(default_factory=dict)  # by name, or `Class.method`
    tests: list[str] = field(default_factory=list)  # the functions that pytest runs
    unused: list[str] = field(default_factory=list)  # those that neither pytest nor the file calls
    imports: list[str] = field(default_factory=list)  # dotted
    weak: list[Finding] = field(default_factory=list)  # assertions that cannot fail
    not_run: list[Finding] = field(default_factory=list)


def read_suite(root: Path) -> dict[str, Facts]:
    """Read every file below tests/, by its path below the root."""
    kept = Kept(root / ".cache" / "tests.json") if root == ROOT else Kept(None)
    found = {}
    for path in sorted((root / "tests").rglob("*.py")):
        below = path.relative_to(root)
        if below.parts[1] not in FIXTURES:
            found[below.as_posix()] = kept.read(path.name, path.read_bytes())
    kept.save()
    return found


class Kept:
    """What was read of each file, by its text and that of this module, from run to run."""

    def __init__(self, file: Path | None) -> None:
        """Begin with what an earlier process has kept, if there is a file for it."""
        self.file, self.used = file, dict[str, Facts]()
        self.before = json.loads(file.read_text()) if file and file.exists() else {}
        self.reader = Path(__file__).read_bytes()

    def read(self, name: str, source: bytes) -> Facts:
        """Return the facts of a file; by its name pytest knows whether it holds tests."""
        key = hashlib.sha256(b"\0".join([self.reader, name.encode(), source])).hexdigest()
        self.used[key] = from_json(self.before[key]) if key in self.before else read(name, source)
        return self.used[key]

    def save(self) -> None:
        """Keep what this process has used, if that is news."""
        if self.file and self.used.keys() != self.before.keys():
            self.file.parent.mkdir(exist_ok=True)
            new = self.file.with_suffix(".new")
            new.write_text(json.dumps({key: asdict(facts) for key, facts in self.used.items()}))
            new.replace(self.file)


def from_json(kept: dict[str, Any]) -> Facts:
    """Make facts of what JSON has kept of them."""
    functions = {name: Function(**function) for name, function in kept["functions"].items()}
    return Facts(**{**kept, "functions": functions})


def read(name: str, source: bytes) -> Facts:
    """Read one file."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return Facts()  # the linter says so
    nodes = list(ast.walk(tree))
    names = imported(nodes)
    weak = weak_assertions(tree, nodes, names)
    functions = {key: function_of(node, key, names, weak) for key, node in defined(tree)}
    tests, free = [], []
    if name.startswith("test_"):
        tests = [key for key, node in defined(tree) if is_test(key, node, names)]
        free = unused(tree, nodes)
    collected = {functions[key].line for key in tests}
    not_run = {
        *left_out(nodes, names, name),
        *never_collected(nodes, collected),
        *commented(source.decode()),
        *quoted(nodes),
    }
    return Facts(
        functions=functions,
        tests=tests,
        unused=free,
        imports=sorted(names.values()),
        weak=sorted(weak.values()),
        not_run=sorted(not_run),
    )


def imported(nodes: Nodes) -> Names:
    """Return what the imported names of a file stand for."""
    names = {}
    for node in nodes:
        for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
            if isinstance(node, ast.ImportFrom):
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif alias.asname:
                names[alias.asname] = alias.name
            else:
                first = alias.name.partition(".")[0]
                names[first] = first
    return names


def dotted(node: ast.AST | None, names: Names) -> str:
    """Write what a name or an attribute stands for; nothing for any other expression."""
    match node:
        case ast.Name(id=name):
            return names.get(name, f".{name}")
        case ast.Attribute(value=value, attr=name):
            base = dotted(value, names)
            return base and f"{base}.{name}"
    return ""


def defined(tree: ast.Module) -> Iterator[tuple[str, Defined]]:
    """Walk over the functions of a file and the methods of its classes."""
    for node in tree.body:
        if isinstance(node, Defined):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for one in node.body:
                if isinstance(one, Defined):
                    yield f"{node.name}.{one.name}", one


def function_of(node: Defined, key: str, names: Names, weak: dict[int, Finding]) -> Function:
    """Tell what a function asserts and calls; annotations say whose methods it calls."""
    inside = list(ast.walk(node))
    parameters = [one for one in inside if isinstance(one, ast.arg)]
    own = names | {one.arg: dotted(one.annotation, names) for one in parameters}
    if "." in key:
        own["self"] = f".{key.partition('.')[0]}"
    calls = {dotted(one.func, own) for one in inside if isinstance(one, ast.Call)}
    asserts = any(id(one) not in weak and can_fail(one, own) for one in inside)
    return Function(node.lineno, asserts, sorted(calls - {""}))


def can_fail(node: ast.AST, names: Names) -> bool:
    """Tell whether this is an assertion, in one of the ways that there are."""
    match node:
        case ast.Assert():
            return True
        case ast.Raise(exc=error):
            return dotted(getattr(error, "func", error), names) == ".AssertionError"
        case ast.With(items=items):
            contexts = [getattr(item.context_expr, "func", None) for item in items]
            return any(dotted(one, names) in RAISES for one in contexts)
        case ast.Call(func=ast.Attribute(value=ast.Call(func=function))):
            return dotted(function, names) == EXPECT
        case ast.Call(func=function):
            return dotted(function, names) == FAIL
    return False


def weak_assertions(tree: ast.Module, nodes: Nodes, names: Names) -> dict[int, Finding]:
    """Find assertions that cannot fail, by the identity of their nodes."""
    found = {}
    functions = {node.name for node in tree.body if isinstance(node, Defined)}
    for node in nodes:
        if isinstance(node, ast.Assert) and is_true(node.test, functions):
            found[id(node)] = (node.lineno, f"`{start_of(node)}` is always true", ASSERT)
    for node in (one for block in dead(nodes) for one in ast.walk(block)):
        if isinstance(node, ast.Assert):
            found[id(node)] = (node.lineno, f"`{start_of(node)}` is never reached", RUN)
    for node in (one for block in swallowed(nodes, names) for one in ast.walk(block)):
        if isinstance(node, ast.Assert):
            what = f"the error of `{start_of(node)}` is caught here"
            found[id(node)] = (node.lineno, what, "assert outside, or catch one error by its name")
    return found


def start_of(node: ast.Assert) -> str:
    """Write an assertion, or the beginning of a long one."""
    text = ast.unparse(node)
    return text if len(text) <= 50 else f"{text[:49]}…"


def is_true(node: ast.expr, functions: set[str]) -> bool:
    """Tell whether an expression is true whatever the program does."""
    match node:
        case ast.Constant(value=value):
            return bool(value)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Constant(value=value)):
            return not value
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return bool(parts)
        case ast.Dict(keys=parts) | ast.JoinedStr(values=parts):
            return bool(parts)
        case ast.GeneratorExp() | ast.Lambda():
            return True
        case ast.Name(id=name):
            return name in functions  # which somebody meant to call
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(is_true(value, functions) for value in values)
        case ast.BoolOp(op=ast.And(), values=values):
            return all(is_true(value, functions) for value in values)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return is_tautology(left, operator, right)
    return False


def is_tautology(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> bool:
    """Tell a comparison of a thing with itself, of two constants, or of a length with zero."""
    both = [left, right]
    if all(isinstance(one, ast.Constant) for one in both):
        return True
    if isinstance(operator, ast.GtE) and ast.unparse(right) == "0":
        return ast.unparse(left).startswith("len(")
    same = isinstance(operator, ast.Eq | ast.Is | ast.LtE | ast.GtE)
    called = any(isinstance(one, ast.Call) for side in both for one in ast.walk(side))
    return same and not called and ast.dump(left) == ast.dump(right)


def dead(nodes: Nodes) -> Iterator[ast.AST]:
    """Walk over the statements that nothing reaches."""
    for node in nodes:
        for block in ("body", "orelse", "finalbody"):
            rest = iter(getattr(node, block, None) or () if not is_expression(node) else ())
            for statement in rest:
                if isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break):
                    yield from rest
        match node:
            case ast.If(test=ast.Constant(value=value)) if not value:
                yield from node.body
            case ast.While(test=ast.Constant(value=value)) if not value:
                yield from node.body
            case ast.For(iter=ast.Tuple(elts=[]) | ast.List(elts=[])):
                yield from node.body


def is_expression(node: ast.AST) -> bool:
    """Tell what has a body that is no block: `a if b else c`, `lambda: a`."""
    return isinstance(node, ast.expr)


def swallowed(nodes: Nodes, names: Names) -> Iterator[ast.AST]:
    """Walk over the statements whose failed assertions somebody catches and forgets."""
    for node in nodes:
        match node:
            case ast.Try(handlers=handlers) if any(forgets(one, names) for one in handlers):
                yield from node.body
            case ast.With(items=items):
                for item in items:
                    call = item.context_expr
                    if isinstance(call, ast.Call) and dotted(call.func, names) == SUPPRESS:
                        if any(dotted(error, names) in CATCH_ALL for error in call.args):
                            yield from node.body


def forgets(handler: ast.ExceptHandler, names: Names) -> bool:
    """Tell whether a handler catches a failed assertion and neither raises nor fails."""
    kind = handler.type
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    if kind is not None and not any(dotted(one, names) in CATCH_ALL for one in kinds):
        return False
    return not any(
        isinstance(node, ast.Raise) or can_fail(node, names) for node in ast.walk(handler)
    )


def is_test(key: str, node: Defined, names: Names) -> bool:
    """Tell whether pytest runs a function of a test file."""
    group, _, name = key.rpartition(".")
    fixture = any(decorator(one, names) == FIXTURE for one in node.decorator_list)
    return name.startswith("test") and not fixture and (not group or group.startswith("Test"))


def decorator(node: ast.expr, names: Names) -> str:
    """Write what a decorator stands for, with or without its arguments."""
    return dotted(getattr(node, "func", node), names)


def never_collected(nodes: Nodes, collected: set[int]) -> Iterator[Finding]:
    """Find functions that are written as tests and that pytest does not see."""
    for node in nodes:
        if (
            isinstance(node, Defined)
            and node.name.startswith("test_")
            and node.lineno not in collected
        ):
            fix = "put it at the top of a file `test_….py`, as no fixture"
            yield node.lineno, f"`{node.name}` is never collected", fix
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            own = [one.name for one in node.body if isinstance(one, Defined)]
            if "__init__" in own and any(name.startswith("test") for name in own):
                fix = "use a fixture"
                yield node.lineno, f"pytest leaves `{node.name}` out for its `__init__`", fix


def left_out(nodes: Nodes, names: Names, name: str) -> Iterator[Finding]:
    """Find tests that are skipped or expected to fail, and files that pytest is told to ignore."""
    excused = {
        id(node.orelse) for node in nodes if isinstance(node, ast.IfExp) and in_ci(node, names)
    }
    for node in nodes:
        if isinstance(node, ast.expr) and id(node) not in excused:
            if (mark := dotted(node, names)) in SKIPS:
                yield node.lineno, f"`{mark}` may leave a test out", LACKS
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if getattr(target, "id", None) in LEFT_OUT and not is_fixtures(node, name):
                    yield node.lineno, f"`{ast.unparse(target)}` leaves tests out", RUN


def in_ci(node: ast.IfExp, names: Names) -> bool:
    """Tell `pytest.fail if os.environ.get("CI") else pytest.skip`."""
    return ast.unparse(node.test) == "os.environ.get('CI')" and dotted(node.body, names) == FAIL


def is_fixtures(node: ast.Assign, name: str) -> bool:
    """Tell what keeps the fixture course out: `collect_ignore = ["fixtures"]` in a conftest."""
    return name == "conftest.py" and ast.unparse(node.value) == repr(FIXTURES)


def commented(source: str) -> Iterator[Finding]:
    """Find tests that are commented out."""
    for number, line in enumerate(source.splitlines(), 1):
        if COMMENTED.match(line):
            yield number, f"a test that is commented out: `{line.strip()[:50]}`", RUN


def quoted(nodes: Nodes) -> Iterator[Finding]:
    """Find tests that are text between quotes."""
    for node in nodes:
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))) if QUOTED.search(text):
                yield node.lineno, "a test that is only a text", RUN


def unused(tree: ast.Module, nodes: Nodes) -> list[str]:
    """List the functions of a test file that are no tests, and that the file does not mention."""
    mentioned = set[str]()
    for node in nodes:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                mentioned.add(name)
            case ast.Constant(value=str(name)):
                mentioned.add(name)
    functions = [
        node for node in tree.body if isinstance(node, Defined) and not node.decorator_list
    ]
    free = [node.name for node in functions if not node.name.startswith(("test", "pytest_"))]
    return [name for name in free if name not in mentioned]
