"""What a reader downloads is what stands in the repository, and is small."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from testbed.sandbox import SNIPPETS
from tooling.site.projects import write_zip

PROJECTS = sorted(path for path in SNIPPETS.glob("*/*/project_*") if path.is_dir())
LIMIT = 50_000  # bytes
MARK = "--8<-- ["


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project that has been run, and edited."""
    folder = tmp_path / "project_airflow"
    for name in ("start.py", "dags/night.py", "dags/__pycache__/night.pyc", ".venv/pip.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# --8<-- [start:x]\nX = 1\n# --8<-- [end:x]\n")
    return folder


def unpacked(archive: Path, where: Path) -> dict[str, str]:
    """Unpack a zip, and return the text of each file by its path."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(where)
    files = [path for path in where.rglob("*") if path.is_file()]
    return {path.relative_to(where).as_posix(): path.read_text() for path in files}


def test_it_has_the_files_and_nothing_that_a_run_leaves(folder: Path, tmp_path: Path) -> None:
    write_zip(folder, tmp_path / "project.zip")
    found = unpacked(tmp_path / "project.zip", tmp_path / "out")
    names = ["project_airflow/dags/night.py", "project_airflow/start.py"]
    assert found == dict.fromkeys(names, "X = 1\n")


def test_two_zips_of_a_folder_are_the_same_to_the_byte(folder: Path, tmp_path: Path) -> None:
    write_zip(folder, tmp_path / "one.zip")
    (folder / "start.py").touch()
    (folder / "start.py").chmod(0o777)
    write_zip(folder, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.parent.name)
def test_each_project_is_small_and_whole(project: Path, tmp_path: Path) -> None:
    write_zip(project, tmp_path / "project.zip")
    found = unpacked(tmp_path / "project.zip", tmp_path / "out")
    files = [path for path in project.rglob("*") if path.is_file()]
    kept = {
        f"{project.name}/{path.relative_to(project).as_posix()}": without_marks(path.read_text())
        for path in files
        if "__pycache__" not in path.parts
    }
    assert found == kept
    assert (tmp_path / "project.zip").stat().st_size <= LIMIT
    assert {f"{project.name}/README.md", f"{project.name}/requirements.txt"} <= kept.keys()


def without_marks(text: str) -> str:
    """Leave out the comments by which pages find their sections."""
    return "".join(line for line in text.splitlines(keepends=True) if MARK not in line)
