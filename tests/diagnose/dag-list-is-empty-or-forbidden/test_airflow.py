from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.jobs.dag_processor_job_runner import DagProcessorJobRunner
from airflow.jobs.job import Job

from testbed.airflow.installation import Installation, installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.bundles import OPTION, bundles, tidy
from tests.diagnose.staging.page import StagedPage

Api = dict[str, str]


@pytest.fixture
def airflow(
    sandbox: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    """An Airflow with a bundle that has one Dag, or none yet."""
    option = bundles(tmp_path, company="nightly")
    if getattr(request, "param", "") == "unread":
        (tmp_path / "nightly" / "dag.py").unlink()
    with installation(dag_processor__dag_bundle_config_list=option) as airflow:
        yield airflow


def asked(page: StagedPage, api: Api) -> list[str]:
    """Return what the page's commands print; the last is the state of the Dag processor."""
    *answers, processor = shell.run(page.code(), **api).splitlines()
    return [*answers, processor.split("\t")[0]]


def processor(airflow: Installation) -> None:
    """Start a Dag processor, which gives a sign of life; its row is one heartbeat behind."""
    job = Job()
    DagProcessorJobRunner(job, SimpleNamespace())
    job.prepare_for_execution()
    for _ in range(2):
        job.heartbeat(heartbeat_callback=lambda session: None)


def test_they_are_there(page: StagedPage, airflow: Installation, ask: Callable, api: Api) -> None:
    page.says("**Both above 0.** They are there, and the list's filters hide them")
    processor(airflow)
    assert asked(page, api) == ["1", "answered 200"] * 2 + ["healthy"]
    ((bundle, active, dags, stale, _),) = ask(page.code("check", 1))
    assert (bundle, active, dags, stale) == ("company", True, 1, 0)


def test_a_stopped_processor_empties_nothing(
    page: StagedPage, airflow: Installation, api: Api
) -> None:
    page.says("A Dag processor that has stopped empties nothing: the list stays as it was")
    processor(airflow)
    airflow.later(hours=1)
    assert asked(page, api) == ["1", "answered 200"] * 2 + ["unhealthy"]


def test_a_role_may_not_read(page: StagedPage, airflow: Installation, api: Api) -> None:
    # The FAB auth manager is not installed here: its reports are cited, with their versions.
    page.says("**`answered 403`.** Your role lacks the right to read Dags.")
    nobody = SimpleAuthManagerUser(username="ann", role=None)
    token = get_auth_manager().generate_jwt(nobody)
    answers = asked(page, api | {"TOKEN": token})
    assert answers == ["Forbidden", "answered 403"] * 2 + ["none has ever run"]


def test_a_token_is_good_no_more(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("**`answered 401`.** The token has expired")
    user = SimpleAuthManagerUser(username="ann", role="viewer")
    token = get_auth_manager().generate_jwt(user, expiration_time_in_seconds=-60)
    assert asked(page, api | {"TOKEN": token})[1] == "answered 401"


def test_a_command_elsewhere_gave_the_bundle_up(
    page: StagedPage,
    airflow: Installation,
    ask: Callable,
    api: Api,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page.says("**0, and then more than 0.** All are stale.")
    page.says("or an `airflow dags reserialize` somewhere else")
    with monkeypatch.context() as there:
        there.setenv(OPTION, bundles(tmp_path, laptop="weekly"))
        (tmp_path / "weekly" / "dag.py").unlink()
        shell.run("airflow dags reserialize")
    tidy()
    assert asked(page, api)[:4] == ["0", "answered 200", "1", "answered 200"]
    rows = {bundle: counts for bundle, *counts, _ in ask(page.code("check", 1))}
    assert rows == {"company": [False, 1, 1], "laptop": [True, 0, 0]}
    page.says("the next parse brings the Dags back, with their history")
    airflow.parse()
    assert asked(page, api)[0] == "1"


@pytest.mark.parametrize("airflow", ["unread"], indirect=True)
def test_nothing_has_ever_been_read(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("**0 and 0, and `none has ever run`.** No Dag processor has been started")
    assert asked(page, api) == ["0", "answered 200"] * 2 + ["none has ever run"]
    page.says("**0 and 0, and a processor is alive.** It has no bundle with a Dag in it")
    processor(airflow)
    assert asked(page, api)[-1] == "healthy"
