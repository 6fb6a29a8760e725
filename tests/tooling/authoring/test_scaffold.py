"""What is scaffolded lacks nothing but its author's words, and nothing is overwritten."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testbed.sandbox import PACKAGES, ROOT
from testbed.tools import TOOLS
from tooling.authoring import scaffold
from tooling.course.course import Course
from tooling.course.lines import prose_of
from tooling.rules.chapter import PARTS
from tooling.rules.check import problems

FIXTURE = ROOT / "tests" / "fixtures" / "course"
PAGE = "docs/pipelines/empty-input.md"
RUFF = (sys.executable, "-m", "ruff", "--config", str(ROOT / "pyproject.toml"))
MADE = {
    "term cold-start": ["docs/glossary/cold-start.md"],
    "symptom nothing-happens": [
        "docs/diagnose/nothing-happens.md",
        "tests/diagnose/nothing-happens/test_airflow.py",
    ],
    "symptom nothing-happens airflow dagster prefect argo": [
        "docs/diagnose/nothing-happens.md",
        *(f"tests/diagnose/nothing-happens/test_{tool}.py" for tool in sorted(TOOLS)),
    ],
    "chapter pipelines/late-input": [
        "docs/pipelines/late-input.md",
        "snippets/pipelines/late-input/late_input.out",
        "snippets/pipelines/late-input/late_input.py",
        "tests/snippets/pipelines/late-input/test_late_input.py",
    ],
    **{
        f"snippet pipelines/empty-input/loop{tool}": [
            f"snippets/pipelines/empty-input/loop{tool}.out",
            f"snippets/pipelines/empty-input/loop{tool}.py",
            f"tests/snippets/pipelines/empty-input/test_loop{tool}.py",
        ]
        for tool in ("", *(f"_{tool}" for tool in TOOLS))
    },
    "snippet pipelines/no-page-yet/loop": [
        "snippets/pipelines/no-page-yet/loop.out",
        "snippets/pipelines/no-page-yet/loop.py",
        "tests/snippets/pipelines/no-page-yet/test_loop.py",
    ],
    **{
        f"exercise pipelines/empty-input/late{tool}": [
            f"snippets/pipelines/empty-input/late_exercise{tool}.out",
            f"snippets/pipelines/empty-input/late_exercise{tool}.py",
            f"tests/snippets/pipelines/empty-input/test_late_exercise{tool}.py",
        ]
        for tool in ("", *(f"_{tool}" for tool in TOOLS))
    },
    "lab how-late": [
        "docs/labs/how-late.ipynb",
        "docs/labs/how-late.py",
        "tests/labs/test_how_late.py",
    ],
}
GROWN = {  # files that are there and get a line or a block more
    "chapter pipelines/late-input": {"mkdocs.yml"},
    **{one: {PAGE} for one in MADE if " pipelines/empty-input/" in one},
    "lab how-late": {"mkdocs.yml", "docs/labs/index.md"},
}
SHOWN = ("snippet", "exercise")  # on a page that is there
every_kind = pytest.mark.parametrize("command", MADE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(FIXTURE, tmp_path / "course")


def files(root: Path) -> dict[str, str]:
    """Return the texts of a course by their paths."""
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}


def make(command: str, root: Path) -> None:
    scaffold.main(command.split(), root)


@every_kind
def test_files_are_made_and_none_loses_a_line(command: str, root: Path) -> None:
    before = files(root)
    make(command, root)
    after = files(root)
    assert sorted(set(after) - set(before)) == MADE[command]
    assert {path for path in before if before[path] != after[path]} == GROWN.get(command, set())
    for path in GROWN.get(command, ()):
        rest = iter(after[path].splitlines())
        assert all(line in rest for line in before[path].splitlines())


@every_kind
def test_check_names_each_placeholder_and_nothing_else(command: str, root: Path) -> None:
    make(command, root)
    left = {
        (path, number)
        for path, text in files(root).items()
        for number, line in enumerate(text.splitlines(), 1)
        if "…" in line and not path.endswith((".out", ".ipynb"))
    }
    found = problems(Course.read(root))
    assert {(one.path, one.line) for one in found} == left
    assert all(one.rule == "nothing-left-to-write" for one in found)


@pytest.mark.parametrize("command", [one for one in MADE if one.split()[0] not in SHOWN])
def test_nothing_is_said_in_the_name_of_the_author(command: str, root: Path) -> None:
    before = Course.read(root).pages
    make(command, root)
    (made,) = (page for uri, page in Course.read(root).pages.items() if uri not in before)
    prose = [line.text for line in prose_of(made) if line.text and not line.text.startswith("#")]
    marks = [
        line for line in prose if re.match(r"===|</?div|\| \||\|-| *\?\?\? (reveal|tool)", line)
    ]
    assert prose and all("…" in line for line in prose if line not in marks)


def test_code_is_as_the_linter_wants_it(root: Path) -> None:
    for library in ("packages", "tests/labs/running.py", "tests/diagnose/staging"):
        (root / library).parent.mkdir(parents=True, exist_ok=True)
        (root / library).symlink_to(ROOT / library)
    for command in MADE:
        if command != "symptom nothing-happens":
            make(command, root)
    made = [path for command in MADE for path in MADE[command] if path.endswith(".py")]
    assert len(made) > 15
    for check in (["check"], ["format", "--check"]):
        run = subprocess.run([*RUFF, *check, *made], cwd=root, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout


def test_first_program_prints_its_recording(root: Path) -> None:
    make("chapter pipelines/late-input", root)
    program = root / "snippets/pipelines/late-input/late_input.py"
    run = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert run.stdout == program.with_suffix(".out").read_text()


def test_tests_fail_until_they_are_written(root: Path) -> None:
    for tool in ("", *(f"_{tool}" for tool in TOOLS)):
        make(f"snippet pipelines/empty-input/loop{tool}", root)
        text = (root / f"tests/snippets/pipelines/empty-input/test_loop{tool}.py").read_text()
        for promise in ("test_bug_is_real", "test_fix_holds"):
            assert '== "… the ' in text.partition(f"def {promise}(")[2].partition("\n\n\n")[0]


def test_chapter_is_last_of_its_course_in_nav(root: Path) -> None:
    make("chapter pipelines/late-input", root)
    course = Course.read(root)
    chapters = course.chapters_of(course.pages["pipelines/index.md"])
    assert [chapter.title for chapter in chapters] == ["Empty Input", "Late input"]


def test_chapter_has_the_parts_that_the_rule_asks_for(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (*PARTS[:5], "aside", *PARTS[5:])
    monkeypatch.setattr("tooling.rules.chapter.PARTS", parts)
    monkeypatch.setattr(scaffold, "PARTS", parts)
    make("chapter pipelines/late-input", root)
    text = (root / "docs/pipelines/late-input.md").read_text()
    assert [text.index(f"{{ #{part} }}") for part in parts] == sorted(
        text.index(f"{{ #{part} }}") for part in parts
    )
    found = [one for one in problems(Course.read(root)) if one.path != PAGE]  # which has no aside
    assert all(one.rule == "nothing-left-to-write" for one in found)


def test_chapter_shows_the_programs_that_are_there(root: Path) -> None:
    for idea in ("loop", "loop_dagster"):
        make(f"snippet pipelines/late-input/{idea}", root)
    make("chapter pipelines/late-input", root)
    assert not (root / "snippets/pipelines/late-input/late_input.py").exists()
    page = Course.read(root).pages["pipelines/late-input.md"]
    assert page.meta.tools == ["dagster"]
    proof, tools = part_of(page.text, "proof"), part_of(page.text, "tools")
    assert proof.index("loop.py:bug") < proof.index("loop.out")
    assert "loop.py:fix" in part_of(page.text, "fix")
    tab = tools.partition('=== "Dagster"')[2].partition("===")[0]
    for embed in ("loop_dagster.py:bug", "loop_dagster.py:fix", "loop_dagster.out"):
        assert f'\n    --8<-- "pipelines/late-input/{embed}"\n' in tab


def part_of(text: str, part: str) -> str:
    """Return a part of a page, from its heading to the next."""
    return text.partition(f"{{ #{part} }}")[2].partition("\n## ")[0]


def test_program_is_shown_where_its_tool_is(root: Path) -> None:
    for idea in ("loop", "loop_airflow", "loop_dagster"):
        make(f"snippet pipelines/empty-input/{idea}", root)
    text = (root / PAGE).read_text()
    assert part_of(text, "proof").endswith(
        '\n```text\n--8<-- "pipelines/empty-input/loop.out"\n```\n'
    )
    _, airflow, prefect, dagster = part_of(text, "tools").split("=== ")
    assert [tab.split()[0] for tab in (airflow, prefect, dagster)] == [
        '"Airflow"',
        '"Prefect"',
        '"Dagster"',
    ]
    assert "loop_airflow.out" in airflow and "loop_" not in prefect
    assert "loop_dagster.out" in dagster


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("", "usage: new term <term>"),
        ("term", "usage: new term <term>"),
        ("page about-us", "`page` cannot be made; name `term`, `symptom`, `chapter`"),
        (
            "term Cold_Start",
            "not a name: use small letters and hyphens, no numbers; try `cold-start`",
        ),
        (
            "term exit-code",
            "`Exit code` already leads to docs/glossary/exit-code.md; write it there",
        ),
        ("term return-code", "`Return code` already leads to docs/glossary/exit-code.md"),
        ("symptom table-is-empty", "docs/diagnose/table-is-empty.md is there already; edit it or"),
        ("symptom nothing-happens airflw", "`airflw` is not a tool; name `airflow`, `dagster`"),
        (
            "chapter late-input",
            "`late-input` does not say where it belongs; write <course>/<chapter>",
        ),
        ("chapter pipeline/late-input", "no course docs/pipeline/; did you mean `pipelines`?"),
        ("chapter warehouses/late", "no course docs/warehouses/; the courses are `pipelines`"),
        ("chapter pipelines/02-late", "`02-late` is not a name: "),
        ("chapter pipelines/empty-input", "docs/pipelines/empty-input.md is there already"),
        ("chapter pipelines/no-night", "`pipelines/no-night` has no night; add its table to"),
        (
            "snippet pipeline/empty-input/loop",
            "no course docs/pipeline/; did you mean `pipelines`?",
        ),
        ("snippet empty-input/loop", "write <course>/<chapter>/<idea>[_<tool>]"),
        (
            "snippet pipelines/empty-input/Late-Rows",
            "letters and underscores, no numbers; try `late_",
        ),
        (
            "snippet snippets/pipelines/empty-input/empty_input.py",
            "empty_input.py is there already",
        ),
        ("lab count-orders", "docs/labs/count-orders.py is there already"),
    ],
)
def test_what_cannot_be_made_changes_nothing(root: Path, command: str, says: str) -> None:
    before = files(root)
    with pytest.raises(SystemExit) as stop:
        make(command, root)
    assert says in str(stop.value)
    assert "\n" not in str(stop.value) or says.startswith("usage")
    assert files(root) == before


def test_symptom_waits_for_its_failure_mode(root: Path) -> None:
    for term in ("effect-assertion", "exit-code", "silent-success"):
        (root / f"docs/glossary/{term}.md").unlink()
    with pytest.raises(SystemExit, match="no term is a failure mode yet; add the one behind"):
        make("symptom nothing-happens", root)


def test_page_without_the_part_is_said(root: Path) -> None:
    page = root / PAGE
    page.write_text(page.read_text().replace("{ #tools }", "{ #other }"))
    with pytest.raises(SystemExit, match=f"{PAGE} has no part `#tools` to show it in"):
        make("snippet pipelines/empty-input/loop_argo", root)


def test_command_line_makes_it_in_the_course_that_is_named(root: Path) -> None:
    module = [sys.executable, "-m", "tooling.authoring.scaffold"]
    env = {"COURSE_ROOT": str(root), "PYTHONPATH": f"{ROOT}:{PACKAGES}"}
    run = subprocess.run(
        [*module, "term", "cold-start"], env=env, capture_output=True, text=True, check=True
    )
    made, following = run.stdout.splitlines()
    assert made == "made docs/glossary/cold-start.md"
    assert following.startswith("next: python3 noxfile.py check")
    assert (root / "docs/glossary/cold-start.md").is_file()


def test_a_chapter_begins_from_its_plan_and_its_night() -> None:
    course = Course.read(ROOT)
    name, other = list(course.planned)[:2]
    draft = scaffold.chapter(course, name)
    page = draft.new[f"docs/{name}.md"]
    planned, night = course.planned[name], course.nights[name]
    assert f"\n# {planned.title}\n" in page
    assert f"\npromise: {planned.promise}\n" in page
    assert f"\nminutes: {planned.minutes}\nnight: {night.night}\n" in page
    left = draft.changed["tooling/course/planned.toml"]
    assert name not in left
    assert f'\n\n["{other}"]\n' in left
