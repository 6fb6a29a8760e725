"""What stands under every proof against the scheduler: where many fail, read these first."""

from pathlib import Path

import pytest
from airflow import settings

from testbed.airflow import installation, internals, loop, scheduler


def test_airflow_still_has_the_parts_of_a_tick() -> None:
    assert not internals.changed_internals()


@pytest.mark.parametrize(
    ("owner", "part"),
    [
        (owner, name)
        for owner, names in (*internals.PRIVATE.items(), *loop.PRIVATE)
        for name in names
    ],
)
def test_a_part_that_moved_is_named(
    monkeypatch: pytest.MonkeyPatch, owner: object, part: str
) -> None:
    monkeypatch.delattr(owner, part)
    with pytest.raises(internals.InternalsChangedError, match=rf"no `{part}` .* must follow"):
        internals.assert_internals_unchanged()


def test_no_proof_begins_before_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(internals, "PRIVATE", {scheduler.Executor: ("no_such_part",)})
    with pytest.raises(internals.InternalsChangedError), installation.installation():
        pass


def test_an_installation_has_nothing_of_the_one_before(tmp_path: Path) -> None:
    engines = [settings.engine]
    for pool in ("first", "second"):
        with installation.installation(core__dags_folder=tmp_path) as airflow:
            airflow.create_pool(pool, slots=1)
            assert airflow.rows("select pool from slot_pool where id > 1") == [(pool,)]
            engines.append(settings.engine)
    before, first, second = engines
    assert first is second, "SQLAlchemy has to write all of Airflow's SQL again"
    assert settings.engine is before


def test_what_was_before_comes_back_after_a_failure(tmp_path: Path) -> None:
    before = settings.engine, settings.SQL_ALCHEMY_CONN
    with (  # noqa: PT012 - the error has to leave the second block
        pytest.raises(ZeroDivisionError),
        installation.installation(core__dags_folder=tmp_path),
    ):
        assert (settings.engine, settings.SQL_ALCHEMY_CONN) != before
        raise ZeroDivisionError
    assert (settings.engine, settings.SQL_ALCHEMY_CONN) == before
    with installation.installation(core__dags_folder=tmp_path) as airflow:
        assert airflow.rows("select 1") == [(1,)]


def test_an_installation_heeds_the_options_of_its_database(tmp_path: Path) -> None:
    for size in (1, 2):
        options = {"core__dags_folder": tmp_path, "database__sql_alchemy_pool_size": size}
        with installation.installation(**options):
            assert settings.engine.pool.size() == size
