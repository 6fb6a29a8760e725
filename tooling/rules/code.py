"""Code on a page comes from a file that runs, is recorded and is tested."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from testbed.sandbox import tool_of
from tooling.course import simulation
from tooling.course.cells import cells
from tooling.course.course import Course
from tooling.course.embeds import Embed, embedded_lines
from tooling.course.lines import FENCE, Line, lines_of
from tooling.course.pages import Page
from tooling.rules import Problem, rule
from tooling.rules.files import below_root
from tooling.rules.structure import where

LANGUAGES = {
    *("python", "text", "bash", "sql", "yaml", "json", "toml", "markdown", "html", "ini"),
    *("console", "diff", "simulator", "picture", "exercise", "screen"),
}
# Modules that Python in the browser does not have, or that do nothing there.
NOT_IN_THE_BROWSER = {
    *("asyncio", "concurrent", "multiprocessing", "select", "selectors", "signal", "subprocess"),
    *("threading", "_thread", "socket", "socketserver", "ssl", "http.client", "http.server"),
    *("urllib.request", "urllib.robotparser", "webbrowser"),
    *("ensurepip", "ftplib", "imaplib", "poplib", "smtplib", "venv", "xmlrpc"),
    *("curses", "dbm", "grp", "idlelib", "pwd", "readline", "resource", "syslog", "termios"),
    *("tkinter", "turtle", "turtledemo", "msvcrt", "winreg", "winsound"),
    # and what Python itself has left behind since 3.11
    *("aifc", "asynchat", "asyncore", "audioop", "cgi", "cgitb", "chunk", "crypt", "distutils"),
    *("imghdr", "imp", "lib2to3", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes"),
    *("smtpd", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"),
}
MODEL = "print the model `Simulation` of tooling/course/simulation.py"
EMBED_START = re.compile(r"\s*[-–—]+\s?8\s?[<>]\s?[-–—]+")
MARKER = re.compile(r"\s*(?:#|--) --8<-- \[(start|end):([\w-]+)\]")
RECORDED = {".py": (".out", ".json"), ".mmd": (".svg",)}  # once, as one of these


def embeds(page: Page) -> Iterator[tuple[Line, str, str | None]]:
    """Walk over the files that a page embeds: line, path below snippets/, section."""
    for line in lines_of(page):
        if embed := line.embed:
            yield line, embed.path, embed.section


def sources(course: Course, suffix: str) -> Iterator[Path]:
    """Walk over the files of all chapters that end so: snippets/<course>/<chapter>/<idea>.py."""
    for name in course.courses:
        yield from sorted((course.root / "snippets" / name).glob(f"*/*{suffix}"))


def programs(course: Course) -> Iterator[Path]:
    """Walk over the programs of all chapters."""
    return sources(course, ".py")


@rule
def python_comes_from_files(course: Course) -> Iterator[Problem]:
    """Python on a page is embedded from a program that the tests run, never typed.

    ````markdown
    ```python
    ;--8<-- "<course>/<chapter>/<idea>.py:section"
    ```
    ````

    What is only an illustration says so: ```` ``` { .python .illustration } ````.
    """
    for page in course.pages.values():
        for line in lines_of(page) if page.kind != "lab" else ():
            words = line.fence or ""
            if "python" in words and "illustration" not in words and not line.is_fence:
                if line.text.strip() and not line.embed:
                    fix = 'put it into snippets/ and embed it with `--8<-- "<path>:<section>"`'
                    yield Problem(where(page), line.number, "Python typed into a page", fix)
                    break


@rule
def fences_name_their_language(course: Course) -> Iterator[Problem]:
    """A fence says what language it holds, one that the site knows.

    Three backticks and `python`, `sql`, `bash`, `yaml`, `json` or, for output, `text`.
    """
    for page in course.pages.values():
        inside = None
        for line in lines_of(page):
            opening = line.fence is not None and inside is None
            inside = line.fence if not (inside is not None and line.is_fence) else None
            language = re.sub(r"^\{\s*\.|[\s}].*$", "", line.fence or "")
            if opening and language not in LANGUAGES:
                fix = f"name one of {', '.join(sorted(LANGUAGES))}"
                yield Problem(where(page), line.number, f"a fence in `{language}`", fix)


@rule
def embeds_are_there(course: Course) -> Iterator[Problem]:
    """What a page embeds is a file below snippets/, by the name of a section, never by line.

    ```markdown
    ;--8<-- "<course>/<chapter>/<idea>.py:section"
    ```

    The section is marked in the file by `# --8<-- [start:section]` and `[end:section]`.
    """
    for page in course.pages.values():
        for line in lines_of(page):
            if EMBED_START.match(line.text) and not Embed.parse(line.text):
                fix = 'write `--8<-- "<course>/<chapter>/<idea>.py:section"`'
                yield Problem(
                    where(page), line.number, f"`{line.text.strip()}` embeds nothing", fix
                )
        for line, path, section in embeds(page):
            file = course.root / "snippets" / path
            if not file.is_file():
                fix = "fix the path; it begins below snippets/"
                yield Problem(where(page), line.number, f"no file snippets/{path}", fix)
            elif section and line.fence != "screen" and not embedded_lines(file, section):
                fix = f"mark it with `# --8<-- [start:{section}]` and `[end:{section}]`"
                what = f"no section `{section}` in snippets/{path}"
                yield Problem(where(page), line.number, what, fix)


@rule
def embeds_stay_code(course: Course) -> Iterator[Problem]:
    """What a page embeds stands in a fence, and cannot end it; only a drawing stands in the page.

    So what a program prints has no line of three backticks.
    """
    for page in course.pages.values():
        for line, path, section in embeds(page):
            file = course.root / "snippets" / path
            if line.fence is None and file.suffix != ".svg":
                fix = "put it into a fence"
                yield Problem(where(page), line.number, f"`{path}` outside a fence", fix)
            elif line.fence not in (None, "screen") and any(
                map(FENCE.match, embedded_lines(file, section))
            ):
                what, fix = f"`{path}` ends its fence", "print no line of three backticks"
                yield Problem(where(page), line.number, what, fix)


@rule
def sections_are_closed(course: Course) -> Iterator[Problem]:
    """A section of a program is opened once and closed once, under the same name.

    ```python
    # ;--8<-- [start:fix]
    # ;--8<-- [end:fix]
    ```

    Within a statement of SQL, `--` stands in the place of the `#`.
    """
    for program in programs(course):
        text = program.read_text(encoding="utf-8")
        for line, what, fix in marker_problems(text):
            yield Problem(below_root(course, program), line, what, fix)


def marker_problems(program: str) -> Iterator[tuple[int, str, str]]:
    """Walk over what is wrong with a program's section markers: line, problem, fix."""
    opened: dict[str, int] = {}
    closed: set[str] = set()
    for number, line in enumerate(program.split("\n"), 1):
        if "--8<--" not in line:
            continue
        match = MARKER.fullmatch(line)
        if not match:
            yield number, f"`{line.strip()}` marks no section", "write `# --8<-- [start:name]`"
        elif match[1] == "start":
            if match[2] in opened or match[2] in closed:
                yield number, f"section `{match[2]}` is opened a second time", "rename it"
            opened[match[2]] = number
        elif opened.pop(match[2], None) is None:
            fix = f"open it above with `# --8<-- [start:{match[2]}]`"
            yield number, f"section `{match[2]}` is closed and not open", fix
        else:
            closed.add(match[2])
    for name, number in opened.items():
        yield number, f"section `{name}` is not closed", f"add `# --8<-- [end:{name}]` below it"


def embeds_broken_sections(course: Course, page: Page) -> bool:
    """Tell whether a page embeds a program whose section markers do not match."""
    paths = {course.root / "snippets" / path for _, path, section in embeds(page) if section}
    texts = (path.read_text(encoding="utf-8") for path in paths if path.is_file())
    return any(any(marker_problems(text)) for text in texts)


@rule
def snippets_are_shown(course: Course) -> Iterator[Problem]:
    """Every program and every diagram of a written chapter is embedded on a page, or it goes.

    A program is shown by one of its sections or by its recording, which links the whole file.
    """
    shown = {
        Path(path).with_suffix("") for page in course.pages.values() for _, path, _ in embeds(page)
    }
    for suffix in (".py", ".mmd"):
        for file in sources(course, suffix):
            path = file.relative_to(course.root / "snippets")
            page = f"{path.parent.as_posix()}.md"
            if page in course.pages and path.with_suffix("") not in shown:
                fix = f"embed it in docs/{page} or delete it"
                yield Problem(below_root(course, file), 1, "on no page", fix)


@rule
def simulators_have_frames(course: Course) -> Iterator[Problem]:
    """A simulator is drawn from what its program printed: a simulation, as JSON, and whole.

    ````markdown
    ```simulator
    ;--8<-- "<course>/<chapter>/<idea>.json"
    ```
    ````

    What such a program prints is the model `Simulation` in `tooling/course/simulation.py`.
    """
    for page in course.pages.values():
        for line in lines_of(page):
            if line.fence != "simulator" or line.is_fence:
                continue
            embed = line.embed
            if not (embed and embed.path.endswith(".json")):
                fix = 'write one line: `--8<-- "<course>/<chapter>/<idea>.json"`'
                yield Problem(where(page), line.number, "a simulator without a recording", fix)
            elif problem := simulation_problem(course.root / "snippets" / embed.path):
                yield Problem(f"snippets/{embed.path}", 1, problem, MODEL)


@rule
def pictures_have_one_frame(course: Course) -> Iterator[Problem]:
    """A still picture is drawn from a recorded simulation of one frame; a caption may follow.

    ````markdown
    ```picture
    ;--8<-- "<course>/<chapter>/<idea>.json"
    What the reader should see in it.
    ```
    ````

    What has more frames is a `simulator`.
    """
    for page in course.pages.values():
        for line, after in pairwise(lines_of(page)):
            if line.fence != "picture" or not line.is_fence or after.fence != "picture":
                continue
            embed = after.embed
            if not (embed and embed.path.endswith(".json")):
                fix = 'begin with a line `--8<-- "<course>/<chapter>/<idea>.json"`'
                yield Problem(where(page), after.number, "a picture without a recording", fix)
            elif problem := simulation_problem(course.root / "snippets" / embed.path, still=True):
                yield Problem(f"snippets/{embed.path}", 1, problem, MODEL)


def simulation_problem(recording: Path, *, still: bool = False) -> str | None:
    """Say what is wrong with a simulator's or a picture's recording, if it is there."""
    try:
        found = simulation.read(recording) if recording.is_file() else None
    except ValueError as error:
        return str(error)
    if found and found.is_still != still:
        return "a picture of several frames" if still else "a simulator of one frame"
    return None


@rule
def snippets_have_a_course(course: Course) -> Iterator[Problem]:
    """A folder of snippets, and one of their tests, is named for a chapter of a course.

    `snippets/<course>/<chapter>/` and `tests/snippets/<course>/<chapter>/`; the programs may be
    there before the chapter is.
    """
    for room in ("snippets", "tests/snippets"):
        for folder in sorted(path for path in (course.root / room).glob("*/*") if path.is_dir()):
            name = folder.parent.name
            if name not in course.courses and any(folder.glob("*.py")):
                fix = "name it `<course>/<chapter>`, and list the course in `nav`"
                yield Problem(below_root(course, folder), 1, f"no course `{name}`", fix)


@rule
def snippets_are_tested(course: Course) -> Iterator[Problem]:
    """Every program has a test of its promise.

    `tests/snippets/<course>/<chapter>/test_<idea>.py`.
    """
    for program in programs(course):
        chapter = program.parent.relative_to(course.root / "snippets")
        test = course.root / "tests" / "snippets" / chapter / f"test_{program.name}"
        if not test.is_file():
            fix = f"write {below_root(course, test)}"
            yield Problem(below_root(course, program), 1, "no test of its promise", fix)


@rule
def snippets_say_what_they_show(course: Course) -> Iterator[Problem]:
    """A program opens with one line that says what it shows.

    ```python
    \"""A loop over no files succeeds: the task is green and nothing was loaded.\"""
    ```
    """
    for program in programs(course):
        first = program.read_text(encoding="utf-8").partition("\n")[0]
        if not re.fullmatch(r'""".+\."""', first):
            fix = 'begin with `"""What it shows."""` on one line'
            yield Problem(below_root(course, program), 1, "no opening sentence", fix)


@rule
def snippets_run_in_the_browser(course: Course) -> Iterator[Problem]:
    """A program without a tool imports the standard library and `miniorch`, and runs in a browser.

    There are no threads there, no processes and no network; waiting is for a fake clock.

    ```python
    from miniorch import DAG, Fault, Orchestrator, Task
    ```
    """
    for program in programs(course):
        for line, name in imports(program) if tool_of(program) == "none" else ():
            if not in_the_browser(name):
                fix = "use the standard library without threads, processes and network, or miniorch"
                what = f"imports `{name}`, which Python in the browser does not have"
                yield Problem(below_root(course, program), line, what, fix)


def imports(program: Path) -> Iterator[tuple[int, str]]:
    """Walk over what a program imports: line, dotted name."""
    try:
        tree = ast.parse(program.read_text(encoding="utf-8"))
    except SyntaxError:
        return  # it does not run at all, and its recording's test says so
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def in_the_browser(name: str) -> bool:
    """Tell whether a module, or a name in one, is there for a program in the browser."""
    parts = name.split(".")
    prefixes = {".".join(parts[: n + 1]) for n in range(len(parts))}
    there = {*sys.stdlib_module_names, "miniorch", "grading"}
    return parts[0] in there and not prefixes & NOT_IN_THE_BROWSER


@rule
def snippets_are_recorded(course: Course) -> Iterator[Problem]:
    """What a program prints, and how a diagram looks, is recorded beside it, once.

    `python3 noxfile.py record snippets/<course>/<chapter>/<idea>.py`
    """
    for source, suffixes in RECORDED.items():
        for file in sources(course, source):
            path = below_root(course, file)
            record = f"run `python3 noxfile.py record {path}`"
            match [file.stem + one for one in suffixes if file.with_suffix(one).is_file()]:
                case []:
                    yield Problem(path, 1, f"no recording `{file.stem}{suffixes[0]}`", record)
                case [one, other]:
                    yield Problem(path, 1, f"recorded twice, as `{one}` and `{other}`", record)


@rule
def labs_are_recorded(course: Course) -> Iterator[Problem]:
    """A lab's recording has the lab's cells, word for word: it is what the site shows.

    `python3 noxfile.py record docs/labs/<lab>.py`
    """
    for page in course.of_kind("lab"):
        recording = course.root / "docs" / page.uri
        program = (course.root / where(page)).read_text(encoding="utf-8")
        written = [(cell.kind, cell.source) for cell in cells(program)]
        if not recording.is_file() or recorded_cells(recording) != written:
            fix = f"run `python3 noxfile.py record {where(page)}`"
            yield Problem(where(page), 1, f"`{recording.name}` is not recorded from it", fix)


def recorded_cells(recording: Path) -> list[tuple[str, str]]:
    """Read the kind and the text of each cell of a notebook."""
    try:
        notebook = json.loads(recording.read_text(encoding="utf-8"))
        return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    except (ValueError, KeyError, TypeError):  # no notebook
        return []


@rule
def recordings_have_a_source(course: Course) -> Iterator[Problem]:
    """A recording without its program or its diagram goes: nothing can refresh it.

    `<idea>.out` or `.json` stands beside `<idea>.py`, `<diagram>.svg` beside `<diagram>.mmd`,
    `<lab>.ipynb` beside `<lab>.py`, and `project_<tool>.out` beside the project's folder, whose
    test compares the two.
    """
    found = [(file, ".py") for file in sorted((course.root / "docs" / "labs").glob("*.ipynb"))]
    for source, suffixes in RECORDED.items():
        found += [(file, source) for suffix in suffixes for file in sources(course, suffix)]
    for file, source in found:
        if not file.with_suffix(source).is_file() and not file.with_suffix("").is_dir():
            what = f"recorded from `{file.stem}{source}`, which is not there"
            yield Problem(below_root(course, file), 1, what, "delete it")
