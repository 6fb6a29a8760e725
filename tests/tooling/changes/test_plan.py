"""A change runs what it can affect, and what is not known runs everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tooling.changes.plan import ALWAYS, OF_EVERY_PAGE, SESSIONS, Part, options, plan, plan_for
from tooling.changes.since import NAV
from tooling.changes.tree import Tree

OLD, NEW = "night-shift/old-files", "night-shift/new-files"
FILES = {  # a course of two chapters, a symptom, a term and a lab
    f"docs/{OLD}.md": f'--8<-- "{OLD}/idea.py:bug"\n',
    f"docs/{NEW}.md": f'--8<-- "{OLD}/idea.out"\n',
    "docs/diagnose/late.md": "",
    "docs/glossary/task.md": "",
    "docs/labs/tick.py": "import miniorch.clock\n",
    f"snippets/{OLD}/idea.py": "from miniorch import Clock\n",
    f"snippets/{OLD}/idea.out": "",
    f"snippets/{OLD}/idea_airflow.py": "from testbed.airflow.loop import Loop\n",
    f"snippets/{OLD}/picture.mmd": "",
    "packages/miniorch/__init__.py": "from .clock import Clock\n",
    "packages/miniorch/clock.py": "",
    "packages/testbed/airflow/loop.py": "from testbed import postgres\n",
    "packages/testbed/postgres.py": "",
    "packages/testbed/prefect.py": "",
    "tests/conftest.py": "def lazily():\n    import testbed.prefect\n",
    "tests/content/test_recordings.py": "from tooling.authoring import recordings\n",
    "tests/content/test_names.py": "",
    "tests/content/test_fences.py": "from tests.diagnose.staging import fences\n",
    "tests/diagnose/late/test_airflow.py": "",
    "tests/diagnose/late/test_warehouse.py": "",
    "tests/diagnose/staging/fences.py": "",
    "tests/diagnose/staging/two_airflow.py": "",
    "tests/labs/test_tick.py": "",
    "tests/packages/testbed/test_alone_airflow.py": f'PROGRAM = "{OLD}/idea_airflow.py"\n',
    "tests/packages/miniorch/test_clock.py": "from miniorch.clock import Clock\n",
    f"tests/snippets/{OLD}/test_idea.py": "",
    f"tests/snippets/{OLD}/test_idea_airflow.py": "import sys, not.a.module\n",
    f"tests/snippets/{NEW}-project/test_project_airflow.py": "",
    f"tests/snippets/{NEW}/test_other.py": f'PAGE = ROOT / "docs/{OLD}.md"\n',
    f"tests/snippets/{NEW}/test_folder.py": f'OTHER = ROOT / "snippets/{OLD}"\n',
    "tests/site/conftest.py": "",
    "tests/site/templates.py": f'CHAPTER = "{NEW}/"\nGLOSSARY = "glossary/"\n',
    "tests/site/test_axe.py": "from tests.site.templates import CHAPTER\n",
    "tests/site/test_lab.py": "from tests.site.test_axe import violations\n",
    "tooling/authoring/recordings.py": "",
}
OWN = f"tests/snippets/{OLD}"  # the tests of one chapter
OTHER = f"tests/snippets/{NEW}"
FOLDER = f"{OTHER}/test_folder.py"  # which names the folder of the other chapter's programs
RECORDINGS = "tests/content/test_recordings.py"
RECORDED = f"{RECORDINGS}::test_recording_is_current[snippets/{OLD}/"
LAB_RECORDED = f"{RECORDINGS}::test_recording_is_current[docs/labs/tick.py]"
NAMES, FENCES = "tests/content/test_names.py", "tests/content/test_fences.py"
LATE = "tests/diagnose/late/test_"
ALONE = "tests/packages/testbed/test_alone_airflow.py"  # which names a program
TOOLS = ("airflow", "prefect", "dagster", "argo")
EVERY_PAGE: tuple[str, ...] = ("every page",)  # the tests in the browser that look at all
WHOLE: tuple[str, ...] = ()
SITE = {"browser": WHOLE, "zensical": WHOLE}
EVERYTHING = dict.fromkeys(SESSIONS[len(ALWAYS) :], WHOLE)
Runs = dict[str, tuple[str, ...]]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    root = tmp_path_factory.mktemp("repository")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Tree(root)


def runs(part: Part) -> tuple[str, ...]:
    """Return what pytest is given, with one name for the tests that look at every page."""
    if part.session != "browser" or not part.arguments:
        return tuple(part.arguments)
    tests, option, names = part.arguments
    assert (tests, option) == ("tests/site", "-k")
    own = set(names.split(" or "))
    common = own & set(OF_EVERY_PAGE)
    assert len(common) in (0, len(OF_EVERY_PAGE))
    return (*sorted(own - common), *(EVERY_PAGE if common else ()))


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        # nothing of it is tested outside of `check` and `build`
        ("README.md", {}),
        (".github/workflows/check.yml", {}),
        ("tests/tooling/site/test_labs.py", {}),
        ("tests/fixtures/course/docs/labs/index.md", {}),
        ("tooling/changes/plan.py", {}),
        ("requirements/links.txt", {}),
        # all of some sessions
        ("requirements/airflow.txt", {"airflow": WHOLE}),
        ("requirements/test.txt", {"snippets": WHOLE, "browser": WHOLE}),
        ("requirements/zensical.txt", {"zensical": WHOLE}),
        ("overrides/main.html", SITE),
        ("docs/assets/scripts/main.mjs", SITE),
        ("docs/index.md", {**SITE}),
        ("tooling/site/build.py", SITE),
        ("mkdocs.yml", SITE),
        (NAV, {"browser": EVERY_PAGE, "zensical": WHOLE}),
        # everything, since nobody knows
        ("noxfile.py", EVERYTHING),
        ("pyproject.toml", EVERYTHING),
        ("requirements/nox.txt", EVERYTHING),
        ("tests/conftest.py", EVERYTHING),
        ("tests/unknown/test_x.py", EVERYTHING),
        ("unknown", EVERYTHING),
        # a chapter's page: its tests, and what names it
        (
            f"docs/{OLD}.md",
            {
                "snippets": (f"{OTHER}/test_other.py", f"{OWN}/test_idea.py"),
                "airflow": (f"{OWN}/test_idea_airflow.py",),
                "browser": (OLD, *EVERY_PAGE),
                "zensical": WHOLE,
            },
        ),
        # those that the browser's tests name
        (
            "docs/glossary/index.md",
            {
                **dict.fromkeys(TOOLS, (NAMES,)),
                "browser": ("glossary/index", "test_axe.py", *EVERY_PAGE),
                "zensical": WHOLE,
            },
        ),
        (
            f"docs/{NEW}.md",
            {
                "snippets": (FOLDER, f"{OTHER}/test_other.py"),
                "browser": (NEW, "test_axe.py", *EVERY_PAGE),
                "zensical": WHOLE,
            },
        ),
        # a program: its test, its recording, what names its folder, and the pages that show it
        (
            f"snippets/{OLD}/idea.py",
            {
                "snippets": (
                    f"{RECORDED}idea.py]",
                    FOLDER,
                    f"{OWN}/test_idea.py",
                ),
                "browser": (NEW, OLD, *EVERY_PAGE),
                "zensical": WHOLE,
            },
        ),
        (
            f"snippets/{OLD}/idea_airflow.py",
            {
                "snippets": (FOLDER,),
                "airflow": (f"{RECORDED}idea_airflow.py]", ALONE, f"{OWN}/test_idea_airflow.py"),
                "zensical": WHOLE,
            },
        ),
        # a recording, a diagram, and a program that is gone
        (
            f"snippets/{OLD}/idea_airflow.json",
            {
                "snippets": (FOLDER,),
                "airflow": (f"{RECORDED}idea_airflow.py]", ALONE, f"{OWN}/test_idea_airflow.py"),
                "zensical": WHOLE,
            },
        ),
        (
            f"snippets/{OLD}/idea.out",
            {
                "snippets": (
                    f"{RECORDED}idea.py]",
                    FOLDER,
                    f"{OWN}/test_idea.py",
                ),
                "browser": (NEW, OLD, *EVERY_PAGE),
                "zensical": WHOLE,
            },
        ),
        (
            f"snippets/{OLD}/picture.svg",
            {
                "snippets": (f"{RECORDED}picture.mmd]", FOLDER),
                "zensical": WHOLE,
            },
        ),
        (f"snippets/{NEW}/gone.py", {"zensical": WHOLE}),
        # a file of a project: the test that starts it
        (
            f"snippets/{NEW}-project/project_airflow/dags/night.py",
            {"airflow": (f"{OTHER}-project/test_project_airflow.py",), "zensical": WHOLE},
        ),
        # what programs import is a part of them
        (
            "packages/miniorch/clock.py",
            {
                "snippets": (
                    LAB_RECORDED,
                    f"{RECORDED}idea.py]",
                    "tests/labs/test_tick.py",
                    "tests/packages/miniorch/test_clock.py",
                    FOLDER,
                    f"{OWN}/test_idea.py",
                ),
                **SITE,
            },
        ),
        (
            "packages/testbed/postgres.py",
            {
                "snippets": (FOLDER,),
                "airflow": (f"{RECORDED}idea_airflow.py]", ALONE, f"{OWN}/test_idea_airflow.py"),
            },
        ),
        # the other tools lack what is a tool's own
        ("packages/testbed/prefect.py", {"prefect": (FENCES, NAMES, RECORDINGS)}),
        # what all recordings have in common
        (
            "tooling/authoring/recordings.py",
            {"snippets": (RECORDINGS,)} | dict.fromkeys(TOOLS, (RECORDINGS,)),
        ),
        # a test, and a helper of tests
        (f"{OWN}/test_idea.py", {"snippets": (f"{OWN}/test_idea.py", FOLDER)}),
        (f"{LATE}airflow.py", {"airflow": (FENCES, f"{LATE}airflow.py")}),
        ("tests/diagnose/staging/two_airflow.py", {"airflow": (f"{LATE}airflow.py",)}),
        (
            "tests/diagnose/staging/fences.py",
            {
                "snippets": (FENCES, f"{LATE}warehouse.py"),
                "airflow": (FENCES, f"{LATE}airflow.py"),
                **dict.fromkeys(TOOLS[1:], (FENCES,)),
            },
        ),
        ("tests/site/templates.py", {"browser": ("test_axe.py", "test_lab.py")}),
        ("tests/site/test_axe.py", {"browser": ("test_axe.py", "test_lab.py")}),
        # a symptom and a term
        (
            "docs/diagnose/late.md",
            {
                "snippets": (FENCES, f"{LATE}warehouse.py"),
                "airflow": (FENCES, f"{LATE}airflow.py"),
                **dict.fromkeys(TOOLS[1:], (FENCES,)),
                "browser": ("diagnose/late", *EVERY_PAGE),
                "zensical": WHOLE,
            },
        ),
        (
            "docs/glossary/task.md",
            {
                **dict.fromkeys(TOOLS, (NAMES,)),
                "browser": ("glossary/task", *EVERY_PAGE),
                "zensical": WHOLE,
            },
        ),
        (
            "docs/labs/tick.py",
            {
                "snippets": (LAB_RECORDED, "tests/labs/test_tick.py"),
                "browser": ("labs/tick", *EVERY_PAGE),
                "zensical": WHOLE,
            },
        ),
    ],
)
def test_a_change_runs_what_it_can_affect(tree: Tree, changed: str, wanted: Runs) -> None:
    found = plan([changed], tree)
    assert [runs(found.pop(session)) for session in ALWAYS] == [WHOLE, WHOLE]
    assert {session: runs(part) for session, part in found.items()} == {
        session: tuple(sorted(tests, key=lambda one: (one in EVERY_PAGE, one)))
        for session, tests in wanted.items()
    }


def test_nothing_changed_runs_what_always_runs(tree: Tree) -> None:
    assert list(plan([], tree)) == [*ALWAYS]


def test_several_changes_add_up_in_the_order_of_the_sessions(tree: Tree) -> None:
    found = plan(["docs/glossary/task.md", f"{OWN}/test_idea.py"], tree)
    assert list(found) == list(SESSIONS)
    assert list(found) == [session for session in SESSIONS if session in found]


def test_all_of_a_file_takes_its_parts_in(tree: Tree) -> None:
    found = plan(["tooling/authoring/recordings.py", f"snippets/{OLD}/picture.mmd"], tree)
    assert found["snippets"].arguments == [RECORDINGS, FOLDER]


def test_a_new_test_of_all_content_runs_after_every_page(tmp_path: Path) -> None:
    (tmp_path / "tests/content").mkdir(parents=True)
    (tmp_path / "tests/content/test_new.py").write_text("")
    found = plan(["docs/glossary/task.md"], Tree(tmp_path))
    assert {"snippets", *TOOLS} <= set(found)


def test_a_plan_says_what_runs_and_why(tree: Tree) -> None:
    found = plan([f"snippets/{OLD}/idea.py", "overrides/main.html"], tree)
    assert [str(part) for part in found.values()] == [
        "check: all of it, as always",
        "build: all of it, as always",
        f"snippets: 2 test files and 1 recording, because snippets/{OLD}/idea.py changed",
        "browser: all of it, because overrides/main.html and 1 more changed",
        "zensical: all of it, because overrides/main.html and 1 more changed",
    ]


@pytest.mark.parametrize(
    ("changed", "amount"),
    [
        (f"docs/{NEW}.md", f"what looks at every page, {NEW}, test_axe.py"),
        ("tests/site/test_lab.py", "test_lab.py"),
        (NAV, "what looks at every page"),
    ],
)
def test_a_plan_names_what_the_browser_looks_at(tree: Tree, changed: str, amount: str) -> None:
    assert str(plan([changed], tree)["browser"]) == f"browser: {amount}, because {changed} changed"


def test_everything_can_be_asked_for(tree: Tree) -> None:
    found = plan_for(options(["--all"]), tree.root)
    assert {session: part.arguments for session, part in found.items()} == {s: [] for s in SESSIONS}
    assert list(plan_for(options(["--all", "--only", "argo"]), tree.root)) == ["argo"]


def test_a_session_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        options(["--only", "airfow"])
    assert "'airfow' (choose from 'check'," in capsys.readouterr().err
