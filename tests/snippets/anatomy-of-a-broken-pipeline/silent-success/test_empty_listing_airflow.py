from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from types import ModuleType

import pytest
from airflow.providers.common.sql.operators.sql import SQLCheckOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowException

LOADED = {"load_orders": "success", "run": "success"}
PUBLISHED = LOADED | {"publish_revenue": "success"}
HELD = LOADED | {"as_declared": "failed", "publish_revenue": "upstream_failed", "run": "failed"}
LOST = ["files moved", "half lost", "old file"]
Night = Callable[[DAG, str], dict[str, str]]


@pytest.fixture(scope="module", autouse=True)
def warehouse(program: ModuleType) -> Iterator[None]:
    with program.warehouse():
        yield


@pytest.fixture(scope="module")
def run_night(program: ModuleType) -> Night:
    """Each night once: a run takes seconds."""
    return cache(program.run_night)


@pytest.mark.parametrize("night", LOST)
def test_bug_is_real(program: ModuleType, run_night: Night, night: str) -> None:
    assert run_night(program.as_written, night).items() >= PUBLISHED.items()


@pytest.mark.parametrize("night", LOST)
def test_fix_holds(program: ModuleType, run_night: Night, night: str) -> None:
    assert run_night(program.asserted, night).items() >= HELD.items()


@pytest.mark.parametrize("night", ["10 orders", "bank holiday"])
def test_what_is_declared_is_published(program: ModuleType, run_night: Night, night: str) -> None:
    ended = run_night(program.asserted, night)
    assert ended.items() >= (PUBLISHED | {"as_declared": "success"}).items()


def test_skip_spreads_and_the_run_is_still_a_success(program: ModuleType, run_night: Night) -> None:
    tasks = dict.fromkeys(["load_orders", "as_declared", "publish_revenue"], "skipped")
    ended = run_night(program.asserted, "Sunday")
    assert ended.items() >= (tasks | {"delivery_is_due": "success", "run": "success"}).items()


def test_short_circuit_skips_even_what_runs_in_any_case(program: ModuleType) -> None:
    """A task of `all_done` would run behind a skipped load; here nothing asks its rule."""
    pipeline = program.nightly()
    with pipeline:
        told = EmptyOperator(task_id="told", trigger_rule="all_done")
        pipeline.get_task("publish_revenue") >> told
    assert program.run_night(pipeline, "Sunday")["told"] == "skipped"
    pipeline.get_task("delivery_is_due").ignore_downstream_trigger_rules = False
    assert program.run_night(pipeline, "Sunday")["told"] == "success"


def test_no_spends_no_retry_though_three_are_allowed(program: ModuleType, run_night: Night) -> None:
    assert program.asserted.get_task("as_declared").retries == 3
    assert run_night(program.asserted, "files moved")["tries"] == "1"


def test_by_default_the_check_asks_again_and_loads_nothing_again(program: ModuleType) -> None:
    tries = tries_of(program, "files moved", retry_on_failure=True)
    assert (tries["as_declared"], tries["load_orders"]) == (4, 1)


def test_retries_0_on_the_check_turns_that_off_too(program: ModuleType) -> None:
    tries = tries_of(program, "files moved", retry_on_failure=True, retries=0)
    assert tries["as_declared"] == 1


def test_query_that_breaks_gets_its_retries_all_the_same(program: ModuleType) -> None:
    assert tries_of(program, "10 orders", sql="select 1 / 0")["as_declared"] == 4


def tries_of(program: ModuleType, night: str, **changed: object) -> dict[str, int]:
    """Run a night with another check; return how often each task was tried."""
    pipeline = program.nightly()
    for name, value in changed.items():
        setattr(pipeline.get_task("as_declared"), name, value)
    program.deliver(program.NIGHTS[night])
    run = pipeline.test(logical_date=program.at_0312(date(2026, 3, 14)))
    return {ti.task_id: ti.try_number for ti in run.get_task_instances()}


def test_missing_manifest_is_null_and_fails(program: ModuleType) -> None:
    program.deliver(program.NIGHTS["files moved"])
    query = program.AS_DECLARED.replace(program.YESTERDAY, "2026-03-13")
    assert program.PostgresHook("warehouse").get_first(query) == (None,)


@pytest.mark.parametrize(
    ("night", "asks", "passes"),
    [
        ("bank holiday", "select count(*)", False),  # 0 is false
        ("half lost", "select count(*)", True),  # 5 is true
        ("bank holiday", "select eur", False),  # no row at all
    ],
)
def test_bare_count_compares_with_nothing(
    program: ModuleType, night: str, asks: str, passes: bool
) -> None:
    program.deliver(program.NIGHTS[night])
    program.load_orders.function()
    sql = f"{asks} from raw.orders where date(event_time) = '2026-03-13'"
    check = program.SQLCheckOperator(task_id="check", conn_id="warehouse", sql=sql)
    assert passed(check) is passes


def passed(check: SQLCheckOperator) -> bool:
    try:
        check.execute({})
    except AirflowException as error:
        assert str(error).startswith(("Test failed", "The following query returned zero rows"))
        return False
    return True


def test_macros_are_for_sql_and_not_for_parameters(program: ModuleType) -> None:
    assert "sql" in program.SQLCheckOperator.template_fields
    assert "parameters" not in program.SQLCheckOperator.template_fields
