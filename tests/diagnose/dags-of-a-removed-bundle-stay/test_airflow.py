from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from airflow._shared.timezones import timezone
from airflow.dag_processing.bundles.manager import DagBundlesManager

from testbed.airflow.installation import Installation, installation
from tests.diagnose.staging import shell
from tests.diagnose.staging.bundles import OPTION, bundles, read, tidy
from tests.diagnose.staging.page import StagedPage

A_MINUTE = timedelta(seconds=60)
Api = dict[str, str]


@pytest.fixture
def airflow(sandbox: Path, tmp_path: Path) -> Iterator[Installation]:
    """An Airflow with two bundles of one Dag each."""
    option = bundles(tmp_path, kept="nightly", gone="weekly")
    with installation(dag_processor__dag_bundle_config_list=option) as airflow:
        yield airflow


@pytest.fixture
def removed(
    airflow: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """One of them was taken out an hour ago, and a Dag processor has started since."""
    airflow.later(hours=-1)
    read(airflow)
    airflow.later(hours=1)
    monkeypatch.setenv(OPTION, bundles(tmp_path, kept="nightly"))
    read(airflow)
    yield
    monkeypatch.undo()


def asked(page: StagedPage, api: Api) -> dict[str, tuple[str, str, timedelta]]:
    """Return what the page's command prints, by bundle: its Dags, those listed, and their age."""
    lines = [line.split("\t") for line in shell.run(page.code(), **api).splitlines()]
    return {name: (dags, listed, age(last)) for name, dags, listed, last in lines}


def age(when: str) -> timedelta:
    return timezone.utcnow() - datetime.fromisoformat(when)


def test_a_processor_still_reads_it(page: StagedPage, airflow: Installation, api: Api) -> None:
    page.says("**Some are listed, and one was read a minute ago.** A Dag processor still has")
    read(airflow)
    dags, listed, last = asked(page, api)["gone"]
    assert (dags, listed) == ("1", "1")
    assert last < A_MINUTE


def test_it_is_given_up_and_then_its_dags(
    page: StagedPage, airflow: Installation, removed: None, ask: Callable, api: Api
) -> None:
    page.says("**Some are listed, and none has been read since the change.**")
    dags, listed, last = asked(page, api)["gone"]
    assert (dags, listed) == ("1", "1")
    assert last > A_MINUTE
    rows = {name: rest for name, *rest in ask(page.code("check", 1))}
    assert rows["gone"][:3] == [False, 1, 1]
    assert rows["kept"][:3] == [True, 1, 1]
    page.says("In 3.3.2 the Dag processor marks them stale")
    tidy()
    page.says("**None is listed, and you still see it.** It is stale")
    assert asked(page, api)["gone"][:2] == ("1", "0")
    assert asked(page, api)["kept"][:2] == ("1", "1")


def test_nothing_new_of_it_is_scheduled(
    page: StagedPage, airflow: Installation, removed: None
) -> None:
    page.says("Nothing new of it is scheduled.")
    tidy()
    scheduler = airflow.scheduler()
    airflow.create_run("weekly", None, "left")
    airflow.create_run("nightly", None, "night")
    for _ in range(3):
        scheduler.tick()
    assert [key.dag_id for key in scheduler.executor.sent] == ["nightly"]


def test_a_processor_of_one_bundle_gives_none_up(
    page: StagedPage, airflow: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.says("started with `--bundle-name` gives no other bundle up")
    with monkeypatch.context() as there:
        there.setenv(OPTION, bundles(tmp_path, kept="nightly"))
        DagBundlesManager().sync_bundles_to_db(deactivate_missing=False)
    assert airflow.rows("select active from dag_bundle where name = 'gone'") == [(True,)]


def test_it_has_another_name(
    page: StagedPage,
    airflow: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    api: Api,
) -> None:
    page.says("**The bundle is listed under another name.** It was renamed")
    airflow.create_run("weekly", None, "before")
    with monkeypatch.context() as renamed:
        renamed.setenv(OPTION, bundles(tmp_path, kept="nightly", new="weekly"))
        read(airflow)
        assert set(asked(page, api)) == {"kept", "new"}
        page.says("its tasks fail with `Requested bundle 'gone' is not configured`")
        with pytest.raises(ValueError, match="Requested bundle 'gone' is not configured"):
            DagBundlesManager().get_bundle("gone")
