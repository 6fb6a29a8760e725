from collections.abc import Callable
from pathlib import Path

import pytest

from testbed.airflow.installation import Installation
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
    return [row[2] for row in ask(page.code().replace("<text of your change>", "gross"))]


def test_the_processor_has_not_read_it(page: StagedPage, file: Path, ask: Callable) -> None:
    file.write_text(OLD.replace("net", "gross"))
    assert not any(has_it(ask, page))
    parse(file)
    assert has_it(ask, page)[0] is True


def test_the_earlier_run_has_the_earlier_version(
    page: StagedPage, airflow: Installation, file: Path, ask: Callable
) -> None:
    airflow.create_run("nightly", None, "night")
    airflow.scheduler().tick()
    airflow.later(minutes=1)  # Airflow writes no second version of a Dag within 30 seconds
    file.write_text(OLD.replace("@task", "@task(retries=3)").replace("net", "gross"))
    parse(file)
    assert has_it(ask, page)[:2] == [True, False]
    new, old, *_ = ask(page.code())
    assert new[-1] is None
    assert old[-1] is not None
