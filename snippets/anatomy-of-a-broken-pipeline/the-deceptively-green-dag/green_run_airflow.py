"""Airflow judges a run by its last tasks; one that always runs makes it green."""

from airflow.sdk import DAG, dag, task

NIGHTS = {"10 orders": {"export": [10]}, "no export": {"export": []}}


@task
def extract(params: dict) -> int:
    """Read the night's export, and fail if there is none."""
    return params["export"][0]


@task
def publish(orders: int) -> int:
    """Return the figure on the CFO dashboard, at EUR 100 an order."""
    return orders * 100


# --8<-- [start:bug]
@task(trigger_rule="all_done")
def notify() -> str:
    """Say that the night is over, however it went."""
    return "the night is over"


@dag(params=NIGHTS["10 orders"])
def notified() -> None:
    """End in the notification, the only task with nothing after it."""
    publish(extract()) >> notify()


# --8<-- [end:bug]
# --8<-- [start:fix]
@task(trigger_rule="one_failed", retries=0)
def watch() -> None:
    """Run only if a task has failed, and then fail with it."""
    raise RuntimeError("a task of this run failed")


@dag(params=NIGHTS["10 orders"])
def watched() -> None:
    """End in a second task, after all that may fail."""
    orders = extract()
    revenue = publish(orders)
    revenue >> notify()
    [orders, revenue] >> watch()


@dag(params=NIGHTS["10 orders"])
def torn_down() -> None:
    """Make the notification a teardown, which does not count as an end."""
    publish(extract()) >> notify().as_teardown()


# --8<-- [end:fix]
DAGS = [notified(), watched(), torn_down()]


def run_night(pipeline: DAG, night: str) -> dict[str, str]:
    """Run one night; return the state of each task, and the run's."""
    run = pipeline.test(logical_date=None, run_conf=NIGHTS[night])
    states = {task.task_id: task.state for task in run.get_task_instances()}
    return states | {"run": run.state}


if __name__ == "__main__":
    row = "{:<12}{extract:<9}{publish:<17}{notify:<9}{watch:<9}{run}".format
    columns = {name: name for name in ("extract", "publish", "notify", "watch", "run")}
    for pipeline in DAGS:
        print(row(pipeline.dag_id, **columns))
        for night in NIGHTS:
            print(row(f"  {night}", **{"watch": "", **run_night(pipeline, night)}))
