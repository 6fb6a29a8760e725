from collections.abc import Callable

import pytest

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import work
from tests.diagnose.staging.page import StagedPage

DAGS = "every_night_airflow.py"


@pytest.mark.parametrize(
    ("lost", "parts"), [(-2, {"success": 3}), (2, {"success": 2, "failed": 1})]
)
def test_the_parts_are_counted(
    page: StagedPage, airflow: Installation, ask: Callable, lost: int, parts: dict[str, int]
) -> None:
    airflow.create_run("nightly", None, "night")
    work(airflow.scheduler(), lambda key: key.map_index == lost)
    assert dict(ask(page.code().replace("<run id>", "night"))) == parts
