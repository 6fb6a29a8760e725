"""Make the files of a new term, symptom, chapter, snippet, exercise or lab, in every room.

Each file comes from a template in templates/. What is its author's to write is a placeholder there,
a `…` with a hint, which the check then names by its line. Nothing is overwritten.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from testbed.exercise import is_exercise
from testbed.sandbox import ROOT, tool_of
from testbed.tools import NONE, TOOLS
from tooling.authoring import insertion
from tooling.course.course import Course
from tooling.course.nights import NIGHTS
from tooling.course.pages import Page, PageError
from tooling.course.planned import PLANNED
from tooling.course.schema import SIGHTS, THEMES, ChapterMeta, Tag
from tooling.rules.chapter import PARTS
from tooling.rules.structure import KEBAB

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
IDEA = re.compile(r"[a-z]+(_[a-z]+)*")
SECTION = re.compile(r"--8<-- \[start:([\w-]+)\]")
USAGE = """\
usage: new term <term>
       new symptom <words-people-use> [<tool> ...]
       new chapter <course>/<chapter>
       new snippet <course>/<chapter>/<idea>[_<tool>]
       new exercise <course>/<chapter>/<idea>[_<tool>]
       new lab <lab>"""


class ScaffoldError(Exception):
    """A request that cannot be met: what is wrong, and what would be right."""


@dataclass(frozen=True)
class Draft:
    """What one command writes: new files, and the files that get a line or a block more."""

    new: dict[str, str]  # texts by their paths below the root
    changed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """A program as pages embed it."""

    id: str  # <course>/<chapter>/<idea>
    sections: tuple[str, ...] = ("bug", "fix")

    @property
    def tool(self) -> str:
        """The tool it needs, or "none"."""
        return tool_of(self.file)

    @property
    def file(self) -> Path:
        """Its file below snippets/."""
        return Path(f"{self.id}.py")


def render(template: str, **words: object) -> str:
    """Return the text of a template."""
    titles = {tool.name: tool.title for tool in TOOLS.values()}
    return TEMPLATES.get_template(f"{template}.jinja").render({"titles": titles} | words)


def term(course: Course, name: str) -> Draft:
    """Draft a term's page."""
    title = title_of(require_name(name))
    for other in course.terms:
        if title.casefold() in (word.casefold() for word in (other.title, *other.meta.aliases)):
            raise ScaffoldError(f"`{title}` already leads to docs/{other.uri}; write it there")
    page = render("term.md", title=title, themes=THEMES, tools=TOOLS)
    return Draft({f"docs/glossary/{name}.md": page})


def symptom(course: Course, name: str, *tools: str) -> Draft:
    """Draft a symptom's page, and for each tool the test that stages it."""
    tools = tuple(dict.fromkeys(tools)) or ("airflow",)
    for tool in tools:
        if tool not in TOOLS:
            raise ScaffoldError(f"`{tool}` is not a tool; name {listed(TOOLS)}")
    mode = next((one.id for one in course.terms if one.meta.theme == "failure-modes"), None)
    if mode is None:
        raise ScaffoldError("no term is a failure mode yet; add the one behind the symptom first")
    title = title_of(require_name(name))
    page = render("symptom.md", title=title, tools=tools, mode=mode, sights=SIGHTS)
    tests = {
        f"tests/diagnose/{name}/test_{tool}.py": render(f"symptom/{tool}_test.py") for tool in tools
    }
    return Draft({f"docs/diagnose/{name}.md": page} | tests)


def chapter(course: Course, name: str) -> Draft:
    """Draft a chapter's page, with the programs that are there for it or else a first one."""
    folder, title = split(course, name, "<course>/<chapter>")
    there = programs_of(course, name)
    programs = [one for one in there if not is_exercise(one.file)]
    first = {}
    if not programs:
        programs = [Program(f"{name}/{title.replace('-', '_')}")]
        first = files_of(programs[0])
    if name not in course.nights:
        raise ScaffoldError(f"`{name}` has no night; add its table to {NIGHTS} first")
    planned = course.planned.get(name)
    page = render(
        "chapter.md",
        title=planned.title if planned else title_of(title),
        planned=planned,
        night=course.nights[name],
        parts=PARTS,
        programs=programs,
        exercises=[one for one in there if one not in programs],
        tools=TOOLS,
        levels=get_args(ChapterMeta.model_fields["level"].annotation),
        tags=get_args(Tag),
    )
    nav = with_nav_line(course, f"{folder}/index.md", f"{name}.md")
    return Draft(
        {f"docs/{name}.md": page} | first, {"mkdocs.yml": nav} | without_plan(course, name)
    )


def without_plan(course: Course, chapter: str) -> dict[str, str]:
    """Return the file of what is to come without a chapter's table, if it has one."""
    if chapter not in course.planned:
        return {}
    text = (course.root / PLANNED).read_text(encoding="utf-8")
    return {PLANNED: re.sub(rf'\n?^\["{chapter}"\]\n(?:.+\n)+', "", text, flags=re.M)}


def programs_of(course: Course, chapter: str) -> list[Program]:
    """Return the programs that are there before their chapter is."""
    paths = sorted((course.root / "snippets" / chapter).glob("*.py"))
    return [
        Program(f"{chapter}/{path.stem}", tuple(SECTION.findall(path.read_text(encoding="utf-8"))))
        for path in paths
    ]


def snippet(course: Course, name: str) -> Draft:
    """Draft a program, its recording and its test, and show it on its chapter's page."""
    name = name.removeprefix("snippets/").removesuffix(".py")
    folder, title, idea = split(course, name, "<course>/<chapter>/<idea>[_<tool>]")
    if not IDEA.fullmatch(idea):
        raise ScaffoldError(not_a_name(idea, "small letters and underscores", "_"))
    if is_exercise(Path(f"{name}.py")):
        raise ScaffoldError(f"`{idea}` is the name of an exercise; make it by `new exercise`")
    program = Program(name)
    page = course.pages.get(f"{folder}/{title}.md")
    changed = {f"docs/{page.uri}": shown(course, page, program)} if page else {}
    return Draft(files_of(program), changed)


def exercise(course: Course, name: str) -> Draft:
    """Draft an exercise, its recording and its test, and show it on its chapter's page."""
    name = name.removeprefix("snippets/").removesuffix(".py")
    folder, title, idea = split(course, name, "<course>/<chapter>/<idea>[_<tool>]")
    if not IDEA.fullmatch(idea):
        raise ScaffoldError(not_a_name(idea, "small letters and underscores", "_"))
    tool = tool_of(Path(f"{idea}.py"))
    end = "" if tool == NONE else f"_{tool}"
    idea = f"{idea.removesuffix(end).removesuffix('_exercise')}_exercise{end}"
    program, chapter = Program(f"{folder}/{title}/{idea}"), f"{folder}/{title}"
    new = {
        f"snippets/{program.id}.py": render(f"exercise/{tool}.py"),
        f"snippets/{program.id}.out": render(f"exercise/{tool}.out"),
        f"tests/snippets/{chapter}/test_{idea}.py": render("exercise/test.py"),
    }
    page = course.pages.get(f"{chapter}.md")
    return Draft(new, {f"docs/{page.uri}": with_turn(course, page, program)} if page else {})


def with_turn(course: Course, page: Page, program: Program) -> str:
    """Return a chapter's page with an exercise on it, in its part."""
    if not (line := insertion.end_of_part(page, "turn")):
        raise ScaffoldError(f"docs/{page.uri} has no part `#turn` to show it in; add the part")
    task = "… what the reader is to make hold, and where to begin."
    fence = f'```exercise\n--8<-- "{program.id}.py"\n```'
    return insertion.insert(text_of(course, f"docs/{page.uri}"), line, f"{task}\n\n{fence}")


def files_of(program: Program) -> dict[str, str]:
    """Return a new program, what it prints, and the test of its promise."""
    folder, _, idea = program.id.rpartition("/")
    return {
        f"snippets/{program.id}.py": render(f"snippet/{program.tool}.py"),
        f"snippets/{program.id}.out": render(f"snippet/{program.tool}.out"),
        f"tests/snippets/{folder}/test_{idea}.py": render(f"snippet/{program.tool}_test.py"),
    }


def shown(course: Course, page: Page, program: Program) -> str:
    """Return a chapter's page with a program on it: a tool's in its tab, any other in the proof."""
    block, part = render("shown.md", program=program).rstrip(), "proof"
    line = insertion.end_of_part(page, part)
    if program.tool != NONE:
        title, part = TOOLS[program.tool].title, "tools"
        tab = insertion.end_of_tab(page, part, title)
        block = ("" if tab else f'=== "{title}"\n\n') + indent(block, "    ")
        line = tab or insertion.end_of_part(page, part)
    if not line:
        raise ScaffoldError(f"docs/{page.uri} has no part `#{part}` to show it in; add the part")
    return insertion.insert(text_of(course, f"docs/{page.uri}"), line, block)


def lab(course: Course, name: str) -> Draft:
    """Draft a lab, its notebook, not yet run, and its test; list it."""
    from tooling.authoring import notebook  # takes a second that the other kinds need not wait

    title = title_of(require_name(name))
    program = render("lab.py", title=title)
    item = f"- [{title}]({name}.ipynb): … the question that it asks."
    new = {
        f"docs/labs/{name}.py": program,
        f"docs/labs/{name}.ipynb": f"{notebook.as_json(notebook.parse(program))}\n",
        f"tests/labs/test_{name.replace('-', '_')}.py": render("lab_test.py", name=name),
    }
    changed = {
        "mkdocs.yml": with_nav_line(course, "labs/index.md", f"labs/{name}.ipynb"),
        "docs/labs/index.md": insertion.item(text_of(course, "docs/labs/index.md"), item),
    }
    return Draft(new, changed)


def with_nav_line(course: Course, index: str, uri: str) -> str:
    """Return mkdocs.yml with a page below those of its section, which opens with `index`."""
    section = course.section_of(index)
    if not section:
        raise ScaffoldError(f"docs/{index} is not in `nav` of mkdocs.yml; list it there first")
    return insertion.nav_line(text_of(course, "mkdocs.yml"), section.pages[-1], uri)


def text_of(course: Course, path: str) -> str:
    """Read a file by its path below the root."""
    return (course.root / path).read_text(encoding="utf-8")


def title_of(name: str) -> str:
    """Return what a page is called at first."""
    return name.replace("-", " ").capitalize()


def require_name(name: str) -> str:
    """Return a name that can be an address, or refuse it."""
    if not KEBAB.fullmatch(name):
        raise ScaffoldError(not_a_name(name, "small letters and hyphens", "-"))
    return name


def not_a_name(name: str, wanted: str, between: str) -> str:
    """Say what a name is made of, and what this one could be."""
    guess = re.sub(r"[^a-z]+", between, name.lower()).strip(between)
    return f"`{name}` is not a name: use {wanted}, no numbers" + (guess and f"; try `{guess}`")


def split(course: Course, name: str, form: str) -> list[str]:
    """Return the parts of a name, the first two of which are a course and a chapter's name."""
    parts = name.split("/")
    if len(parts) != form.count("/") + 1:
        raise ScaffoldError(f"`{name}` does not say where it belongs; write {form}")
    folder, _ = map(require_name, parts[:2])
    if folder not in course.courses:
        near = [one for one in course.courses if one.startswith(folder)]
        near = near or difflib.get_close_matches(folder, course.courses, n=1)
        fix = f"did you mean `{near[0]}`?" if near else f"the courses are {listed(course.courses)}"
        raise ScaffoldError(f"there is no course docs/{folder}/; {fix}")
    return parts


def listed(words: Iterable[str]) -> str:
    """Write words as a list that can be read."""
    return ", ".join(f"`{word}`" for word in words)


KINDS: dict[str, Callable[..., Draft]] = {
    "term": term,
    "symptom": symptom,
    "chapter": chapter,
    "snippet": snippet,
    "exercise": exercise,
    "lab": lab,
}


def draft(arguments: list[str], root: Path) -> Draft:
    """Return what a command line asks for; nothing is written yet."""
    match arguments:
        case ["symptom", name, *tools]:
            made = symptom(Course.read(root), name, *tools)
        case [kind, name] if kind in KINDS:
            made = KINDS[kind](Course.read(root), name)
        case [kind, *_] if kind not in KINDS:
            raise ScaffoldError(f"`{kind}` cannot be made; name {listed(KINDS)}")
        case _:
            raise ScaffoldError(USAGE)
    for path in made.new:
        if (root / path).exists():
            raise ScaffoldError(f"{path} is there already; edit it or choose another name")
    return made


def main(arguments: list[str], root: Path) -> None:
    """Write the files and say what was done, or refuse in one line."""
    try:
        made = draft(arguments, root)
    except (ScaffoldError, PageError) as error:
        sys.exit(str(error))
    for path, text in (made.new | made.changed).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
        print(f"{'made' if path in made.new else 'added to'} {path}")
    print("next: python3 noxfile.py check, which names each line that is yours to write")


if __name__ == "__main__":
    main(sys.argv[1:], ROOT)
