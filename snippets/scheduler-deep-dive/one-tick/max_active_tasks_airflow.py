"""max_active_tasks limits each run of a Dag; only a pool limits them all together."""

from datetime import UTC, datetime

from airflow.sdk import DAG, dag, task

from testbed.airflow.installation import Installation, installation

DAYS = [datetime(2026, 3, day, tzinfo=UTC) for day in range(10, 15)]
REGIONS = [f"region_{number}" for number in range(10)]


@task
def load_orders() -> None:
    """Load the orders of one region."""


# --8<-- [start:bug]
@dag(schedule=None, max_active_runs=3, max_active_tasks=4)
def load_regions() -> None:
    """Mean to load four regions at a time."""
    for region in REGIONS:
        load_orders.override(task_id=region)()


# --8<-- [end:bug]
# --8<-- [start:fix]
@dag(schedule=None, max_active_runs=3, max_active_tasks=4)
def load_regions_pooled() -> None:
    """Load four regions at a time, whatever the number of runs."""
    for region in REGIONS:
        load_orders.override(task_id=region, pool="warehouse")()


# --8<-- [end:fix]


DAGS = [load_regions(), load_regions_pooled()]


# --8<-- [start:tick]
def one_tick(airflow: Installation, pipeline: DAG) -> tuple[dict, dict]:
    """Queue a run for each of five days, then tick the scheduler once."""
    airflow.create_pool("warehouse", slots=4)
    for day in DAYS:
        airflow.create_run(pipeline.dag_id, day, f"{day:%d_%B}")
    airflow.scheduler().tick()
    return count(airflow, "dag_run"), count(airflow, "task_instance")


def count(airflow: Installation, table: str) -> dict[str, int]:
    """Count the rows of Airflow's own table by state."""
    query = f"select coalesce(state, 'none'), count(*) from {table} group by 1"
    return dict(airflow.rows(query))


# --8<-- [end:tick]

if __name__ == "__main__":
    for pipeline in DAGS:
        with installation() as airflow:
            runs, tasks = one_tick(airflow, pipeline)
        print(pipeline.dag_id)
        for name, states in (("runs", runs), ("tasks", tasks)):
            told = ", ".join(f"{states[state]} {state}" for state in sorted(states))
            print(f"  {name:<7}{told}")
