"""dag.test() runs a Dag to its end; the scheduler cannot start one task of it."""

from datetime import UTC, datetime

from airflow.sdk import dag, task

from testbed.airflow.installation import Installation, installation

FRIDAY = datetime(2026, 3, 13, tzinfo=UTC)


@task(pool="warehouse")
def load_orders() -> None:
    """Load the orders, once the pool has a slot."""


@dag(schedule=None)
def nightly() -> None:
    """Load the orders of one night."""
    load_orders()


pipeline = nightly()


# --8<-- [start:both]
def both(airflow: Installation) -> tuple[dict[str, int], dict[str, int]]:
    """Test the Dag, then let the scheduler turn three times; the pool has no slot."""
    airflow.create_pool("warehouse", slots=0)
    pipeline.test(logical_date=FRIDAY)
    tested = airflow.states("task_instance")
    airflow.create_run("nightly", None, "night")
    airflow.scheduler().loop(times=3)
    return tested, airflow.states("task_instance", "run_id = 'night'")


# --8<-- [end:both]

if __name__ == "__main__":
    with installation() as airflow:
        tested, scheduled = both(airflow)
    print(f"a pool without a slot\n  dag.test()  {tested}\n  scheduler   {scheduled}")
