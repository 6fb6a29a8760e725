from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from airflow._shared.timezones import timezone
from airflow.models import DagModel
from airflow.utils.file import might_contain_dag

from testbed.airflow.installation import Installation, installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.bundles import bundles, read
from tests.diagnose.staging.page import COMPANY, StagedPage

BROKEN = "import airflow, no_such_package\nfrom airflow.sdk import DAG\n"
NO_WORD = "print('no such words')\n"
NAMES = ("bundle", "active", "version", "last_parse", "import_errors", "is_stale")
FIVE_MINUTES = timedelta(minutes=5)
Api = dict[str, str]


@pytest.fixture
def airflow(
    sandbox: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    """An Airflow with a bundle that has one Dag, or a file without one."""
    option = bundles(tmp_path, company="nightly")
    if getattr(request, "param", "") == "no Dag":
        (tmp_path / "nightly" / "dag.py").write_text(NO_WORD)
    with installation(dag_processor__dag_bundle_config_list=option) as airflow:
        yield airflow


@pytest.fixture
def bundle(ask: Callable, page: StagedPage) -> Callable[[], dict[str, object]]:
    """What the page's query says of the only bundle."""
    return lambda: dict(zip(NAMES, ask(page.code("check", 1))[0], strict=True))


def asked(page: StagedPage, api: Api) -> tuple[str, dict[str, timedelta], list[str]]:
    """Return what the page's commands print: of the Dag, the age of each bundle, and errors."""
    first, *lines = shell.run(page.code(), **api).splitlines()
    rows = [line.split("\t") for line in lines]
    parsed = {row[1]: datetime.fromisoformat(row[3]) for row in rows if row[0] == "bundle"}
    ages = {name: timezone.utcnow() - last for name, last in parsed.items()}
    return first.split("\t")[1], ages, [row[3] for row in rows if row[0] == "error"]


def test_it_is_there(page: StagedPage, airflow: Installation, bundle: Callable, api: Api) -> None:
    page.says("**It `is there`.** Look at the list's filters")
    found = bundle()
    assert (found["is_stale"], found["active"], found["import_errors"]) == (False, True, 0)
    assert found["last_parse"] < FIVE_MINUTES
    dag, ages, errors = asked(page, api)
    assert (dag, list(ages), errors) == ("is there", ["company"], [])
    assert ages["company"] < FIVE_MINUTES


def test_a_file_does_not_import(
    page: StagedPage, airflow: Installation, bundle: Callable, tmp_path: Path, api: Api
) -> None:
    page.says("**An `error`.** A file of the bundle does not import on the processor's machine.")
    (tmp_path / "nightly" / "weekly.py").write_text(BROKEN)
    airflow.parse()
    assert bundle()["import_errors"] == 1
    said = "ModuleNotFoundError: No module named 'no_such_package'"
    assert asked(page, api)[2] == [said]
    page.says("`airflow dags list-import-errors -o yaml` prints the whole errors")
    whole = shell.run("airflow dags list-import-errors -o yaml")
    assert "No module named 'no_such_package'" in whole


def test_it_was_there(page: StagedPage, airflow: Installation, bundle: Callable, api: Api) -> None:
    page.says("**It `is stale`.** It was there.")
    DagModel.deactivate_deleted_dags("company", [])  # as the Dag processor does at each refresh
    assert bundle()["is_stale"] is True
    assert asked(page, api)[0] == "is stale"


@pytest.mark.parametrize("airflow", ["no Dag"], indirect=True)
def test_it_never_was(page: StagedPage, airflow: Installation, bundle: Callable, api: Api) -> None:
    page.says("**The bundle is not listed.** No file of this bundle has ever made a Dag")
    found = bundle()
    assert (found["is_stale"], found["last_parse"], found["import_errors"]) == (None, None, 0)
    assert asked(page, api) == ("is unknown", {}, [])


def test_another_file_of_the_bundle_makes_one(
    page: StagedPage, airflow: Installation, tmp_path: Path, api: Api
) -> None:
    page.says("**It `is unknown`, no errors, parsed a minute ago.** The file is not taken")
    (tmp_path / "nightly" / "other.py").write_text(NO_WORD)
    airflow.parse()
    dag, ages, errors = asked(page, api)
    assert (dag, errors) == ("is there", [])
    code = page.code().replace("dags/nightly", "dags/other")
    assert shell.run(code, **api).splitlines()[0] == "the Dag\tis unknown"
    assert ages["company"] < FIVE_MINUTES


def test_the_processor_is_down(
    page: StagedPage, airflow: Installation, bundle: Callable, api: Api
) -> None:
    page.says("**`last parse` grows and grows.** The processor is down")
    airflow.later(hours=-1)
    read(airflow)
    airflow.later(hours=1)
    assert bundle()["last_parse"] > FIVE_MINUTES
    assert asked(page, api)[1]["company"] > FIVE_MINUTES


def test_a_file_without_the_words_is_not_opened(page: StagedPage, tmp_path: Path) -> None:
    page.says("A file without them is not opened, as long as `dag_discovery_safe_mode` is on.")
    (tmp_path / "nightly.py").write_text(NO_WORD)
    assert not might_contain_dag(str(tmp_path / "nightly.py"), safe_mode=True)
    assert might_contain_dag(str(COMPANY / "tallow_and_pine_airflow.py"), safe_mode=True)
