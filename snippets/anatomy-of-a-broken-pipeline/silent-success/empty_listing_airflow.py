"""Airflow calls a load of no files a success, until the load asks what was declared."""

from airflow.sdk import DAG, dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

NIGHTS = {
    "10 orders": {"due": True, "declared": 10, "files": [10]},
    "files moved": {"due": True, "declared": None, "files": []},
    "bank holiday": {"due": True, "declared": 0, "files": []},
    "Sunday": {"due": False, "declared": None, "files": []},
}


# --8<-- [start:bug]
@task(retries=3)
def load_orders(params: dict) -> int:
    """Load every listed file and return the number of orders."""
    return sum(params["files"])


# --8<-- [end:bug]
# --8<-- [start:fix]
@task(retries=3, task_id="load_orders")
def load_orders_asserted(params: dict) -> int:
    """Load as before, then hold the result against what was declared."""
    if not params["due"]:
        raise AirflowSkipException("no delivery is due")
    loaded, declared = sum(params["files"]), params["declared"]
    if loaded != declared:  # three retries would read the same listing
        raise AirflowFailException(f"{loaded} loaded, {declared} declared")
    return loaded


# --8<-- [end:fix]


@task
def publish_revenue(orders: int) -> int:
    """Return the figure on the CFO dashboard, at EUR 100 an order."""
    return orders * 100


@dag(schedule=None, params=NIGHTS["10 orders"])
def nightly() -> None:
    """Load and publish, as written."""
    publish_revenue(load_orders())


@dag(schedule=None, params=NIGHTS["10 orders"])
def nightly_asserted() -> None:
    """Load and publish, with the effect asserted."""
    publish_revenue(load_orders_asserted())


DAGS = [nightly(), nightly_asserted()]


# --8<-- [start:run]
def run_night(pipeline: DAG, night: str) -> tuple[str, int, str, str]:
    """Run one night; return load's state and tries, publish's state, the run's."""
    run = pipeline.test(logical_date=None, run_conf=NIGHTS[night])
    load = run.get_task_instance("load_orders")
    publish = run.get_task_instance("publish_revenue")
    return load.state, load.try_number, publish.state, run.state


# --8<-- [end:run]

if __name__ == "__main__":
    for pipeline in DAGS:
        print(f"{pipeline.dag_id:<18}load     try  publish          run")
        for name in NIGHTS:
            print("  {:<16}{:<9}{:<5}{:<17}{}".format(name, *run_night(pipeline, name)))
