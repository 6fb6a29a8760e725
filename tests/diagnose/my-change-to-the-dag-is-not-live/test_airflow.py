from collections.abc import Callable
from pathlib import Path

import pytest

from testbed.airflow.installation import Installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.airflow import parse
from tests.diagnose.staging.page import StagedPage

OLD = """
from airflow.sdk import dag, task

@dag(schedule=None)
def nightly():
    @task
    def load_orders():
        print("net")
    load_orders()

nightly()
"""


@pytest.fixture
def file(airflow: Installation, tmp_path: Path) -> Path:
    file = tmp_path / "nightly.py"
    file.write_text(OLD)
    parse(file)
    return file


def has_it(ask: Callable, page: StagedPage) -> list[bool]:
    return [row[2] for row in ask(page.code("check", 1).replace("<text of your change>", "gross"))]


def asked(page: StagedPage, api: dict[str, str]) -> tuple[str, list[bool], list[str]]:
    """Return what the page's commands say: errors, each version has it, and that of each run."""
    code = page.code().replace("<text of your change>", "gross")
    first, *lines = [line.split("\t") for line in shell.run(code, **api).splitlines()]
    versions = [line[5] == "true" for line in lines if line[0] == "version"]
    return first[3], versions, [line[4] for line in lines if line[0] != "version"]


def test_the_processor_has_not_read_it(
    page: StagedPage, file: Path, ask: Callable, api: dict[str, str]
) -> None:
    page.says("**No version has it, and `last parsed` is before your deployment.**")
    page.says("**The newest version has it.** Airflow knows.")
    file.write_text(OLD.replace("net", "gross"))
    assert not any(has_it(ask, page))
    assert not any(asked(page, api)[1])
    parse(file)
    assert has_it(ask, page)[0] is True
    assert asked(page, api)[1][0]


def test_the_earlier_run_has_the_earlier_version(
    page: StagedPage, airflow: Installation, file: Path, ask: Callable, api: dict[str, str]
) -> None:
    airflow.create_run("nightly", None, "night")
    airflow.scheduler().tick()
    _, _, (version,) = asked(page, api)
    airflow.later(minutes=1)  # Airflow writes no second version of a Dag within 30 seconds
    file.write_text(OLD.replace("@task", "@task(retries=3)").replace("net", "gross"))
    parse(file)
    assert has_it(ask, page)[:2] == [True, False]
    _, versions, runs = asked(page, api)
    assert versions[:2] == [True, False]
    assert runs == [version]
    new, old, *_ = ask(page.code("check", 1))
    assert new[-1] is None
    assert old[-1] is not None
