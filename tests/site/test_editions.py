"""The two editions: what is below the cut is in the full one, and nowhere in the free one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testbed.sandbox import PACKAGES, ROOT

SMALL = ROOT / "tests" / "fixtures" / "course"
CHAPTER, UNCUT = "pipelines/empty-input", "pipelines/whole-input"
PROJECT = "project_airflow"
TEMPLATES = (  # pages of the real course that are filled in from whatever course there is
    *("glossary/across-tools.md", "glossary/false-friends.md", "glossary/print.md"),
    *("reference/miniorch.md", "contribute/rules.md", "search.md", "tags.md"),
)
CANARIES = {
    "prose": "canary-in-the-prose",
    "heading": "canary-in-a-heading",
    "definition": "canary-in-a-link",
    "program": "canary_in_a_program",
    "recording": "canary-in-a-recording",
    "project": "canary_in_a_project",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course with a canary in everything that stands below a cut, and the real templates.

    What leaks does not hang on how many pages there are, but how long a build takes does.
    """
    root = shutil.copytree(SMALL, tmp_path_factory.mktemp("editions") / "course")
    shutil.copytree(ROOT / "docs" / "assets", root / "docs" / "assets", dirs_exist_ok=True)
    for folder in ("overrides", "packages", ".build/runtime"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for page in TEMPLATES:
        (root / "docs" / page).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "docs" / page, root / "docs" / page)
    plant(root)
    settings = (root / "mkdocs.yml").read_text().replace("../../../", f"{ROOT}/")
    pages = "".join(f"  - {page}\n" for page in (f"{UNCUT}.md", *TEMPLATES))
    (root / "mkdocs.yml").write_text(settings + pages)
    return root


def plant(root: Path) -> None:
    """Cut the chapter lower down, with canaries below, and leave a copy of it uncut."""
    below = root / "snippets" / CHAPTER / "below.py"
    below.write_text(
        f'"""{CANARIES["program"]}."""\n# --8<-- [start:fix]\nX = 1\n# --8<-- [end:fix]\n'
    )
    below.with_suffix(".out").write_text(f"{CANARIES['recording']}\n")
    project = root / "snippets" / CHAPTER / PROJECT
    project.mkdir()
    (project / f"{CANARIES['project']}.py").write_text("X = 1\n")
    page = root / "docs" / f"{CHAPTER}.md"
    whole = page.read_text().replace("<!-- more -->\n\n", "", 1)
    planted = f"""<!-- more -->

{CANARIES["prose"]}, in the [{CANARIES["definition"]}](../glossary/silent-success.md).

[Download it](snippet:{CHAPTER}/{PROJECT}.zip).

### {CANARIES["heading"]}

```python
--8<-- "{CHAPTER}/below.py:fix"
```

```text
--8<-- "{CHAPTER}/below.out"
```

## The price"""
    page.write_text(whole.replace("## The price", planted, 1))
    uncut = whole.replace("# Empty Input", "# Whole Input", 1)
    (root / "docs" / f"{UNCUT}.md").write_text(uncut)


def build(root: Path, edition: str, **env: str) -> Path:
    """Build an edition the way the site is built, into its own folder."""
    command = [sys.executable, "-m", "tooling.site.build", "build", f"site-{edition}"]
    env = environment(root) | {"EDITION": edition, "SOURCE_DATE_EPOCH": "1773446400", **env}
    subprocess.run(command, cwd=root, env=env, check=True, capture_output=True)
    return root / f"site-{edition}"


def environment(root: Path) -> dict[str, str]:
    """Have our own code read the course in another folder."""
    paths = os.pathsep.join([str(ROOT), str(PACKAGES)])
    return {**os.environ, "COURSE_ROOT": str(root), "PYTHONPATH": paths}


def files_with(site: Path, words: str) -> list[str]:
    """The built files in which some words occur, in their names or in their bytes."""
    return [
        path.relative_to(site).as_posix()
        for path in sorted(site.rglob("*"))
        if path.is_file() and (words.encode() in path.read_bytes() or words in path.name)
    ]


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_full_edition_has_what_is_below_the_cut(course: Path, canary: str) -> None:
    assert files_with(full(course), canary)


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_free_edition_has_nothing_of_it_in_any_file(course: Path, canary: str) -> None:
    assert not files_with(free(course), canary)


@pytest.mark.parametrize("canary", ["prose", "heading", "definition", "recording"])
def test_the_text_for_programs_has_what_its_edition_has(course: Path, canary: str) -> None:
    words = CANARIES[canary]
    assert words in (full(course) / "llms-full.txt").read_text()
    text = (free(course) / "llms-full.txt").read_text()
    assert words not in text
    assert "## The wrong first theory" in text


def test_free_edition_ends_with_the_preview(course: Path) -> None:
    page = (free(course) / CHAPTER / "index.html").read_text()
    assert "The chapter goes on in the full edition" in page
    assert 'id="mechanism"' in page
    assert 'id="tradeoffs"' not in page


def test_free_edition_publishes_no_program_from_below_the_cut(course: Path) -> None:
    assert (full(course) / "snippets" / CHAPTER / "below.py").is_file()
    assert not (free(course) / "snippets" / CHAPTER / "below.py").exists()
    assert (free(course) / "snippets" / CHAPTER / "empty_input.py").is_file()


def test_a_project_is_published_with_the_page_that_offers_it(course: Path) -> None:
    project = f"snippets/{CHAPTER}/{PROJECT}.zip"
    assert (full(course) / project).is_file()
    assert not (free(course) / project).exists()


def test_free_edition_runs_no_program_from_below_the_cut(course: Path) -> None:
    for site, runs in ((full(course), True), (free(course), False)):
        page = (site / CHAPTER / "index.html").read_text()
        assert ('aria-label="Run below.py"' in page) == runs
        assert 'aria-label="Run empty_input.py"' in page


def test_without_the_runtime_a_build_has_no_run_and_says_so(course: Path) -> None:
    runtime = course / ".build" / "runtime"
    broken = runtime / "pyodide.mjs"
    whole = broken.read_bytes()
    broken.write_bytes(whole + b"//")  # another file than the one that was pinned
    try:
        command = [sys.executable, "-m", "tooling.site.build", "build", "site-bare"]
        printed = {"check": True, "capture_output": True, "text": True}
        built = subprocess.run(command, cwd=course, env=environment(course), **printed)
    finally:
        broken.write_bytes(whole)
    site = course / "site-bare"
    assert "No page has a Run" in built.stdout
    assert not [path for path in site.rglob("*.html") if 'class="run"' in path.read_text()]
    assert not [*site.rglob("*pyodide*"), *site.rglob("miniorch*.zip")]
    assert "wasm-unsafe-eval" not in (site / CHAPTER / "index.html").read_text()


def test_a_chapter_without_a_cut_is_free(course: Path) -> None:
    listed = (free(course) / "pipelines" / "index.html").read_text()
    assert len(re.findall(r"badge--preview", listed)) == 1
    page = (free(course) / UNCUT / "index.html").read_text()
    assert 'id="tradeoffs"' in page
    assert "The chapter goes on in the full edition" not in page


def test_an_unknown_edition_is_refused(course: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as error:
        build(course, "gratis")
    assert b"EDITION is `gratis`; it can be full or free" in error.value.stderr


def test_two_builds_are_the_same_to_the_byte(course: Path) -> None:
    first = full(course)
    kept = shutil.move(first, first.with_name("kept"))
    second = build(course, "full", PYTHONHASHSEED="1")
    assert contents(Path(kept)) == contents(second)
    assert len(contents(second)) > 40


def contents(site: Path) -> dict[str, bytes]:
    """Every file of a site and what is in it."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }


def full(course: Path) -> Path:
    """The full edition, built once."""
    site = course / "site-full"
    return site if site.exists() else build(course, "full")


def free(course: Path) -> Path:
    """The free edition, built once."""
    site = course / "site-free"
    return site if site.exists() else build(course, "free")
