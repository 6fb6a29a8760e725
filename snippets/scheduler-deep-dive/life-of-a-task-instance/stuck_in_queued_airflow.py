"""A task that no worker takes fails at the third timeout, its retries unused."""

from airflow.sdk import dag, task

from testbed.airflow.installation import Installation, installation


# --8<-- [start:bug]
@dag(schedule=None)
def nightly() -> None:
    """Load the orders, in up to four attempts."""
    load_orders()


@task(retries=3)
def load_orders() -> None:
    """Load the orders, once a worker takes the task."""


# --8<-- [end:bug]
# --8<-- [start:fix]
PATIENT = {"scheduler__task_queued_timeout": 3600}  # longer than the outage
# --8<-- [end:fix]

nightly()
OUTAGE = 40  # minutes without a worker


# --8<-- [start:outage]
def outage(airflow: Installation) -> list[tuple[int, str, int]]:
    """Queue the task while no worker is there; return minute, state, try."""
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    history = []
    for minute in range(0, OUTAGE, 2):  # the scheduler looks that often
        for step in (scheduler.check_queued, scheduler.tick):
            step()
            history.append((minute, *look(airflow)))
        airflow.later(minutes=2)
    scheduler.executor.run_tasks(lambda key: None)  # the workers are back
    return changes([*history, (OUTAGE, *look(airflow))])


def changes(history: list[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """Leave out the minutes at which nothing changed."""
    before = [(-1, "none", 0), *history]
    pairs = zip(before, history, strict=False)
    return [now for was, now in pairs if now[1:] != was[1:]]


def look(airflow: Installation) -> tuple[str, int]:
    """Read the state and the try of the only task."""
    query = "select coalesce(state, 'none'), try_number from task_instance"
    return airflow.rows(query)[0]


# --8<-- [end:outage]
def worker_dies(airflow: Installation) -> tuple[str, int]:
    """Lose the worker after it began; return where the task is next."""
    scheduler = airflow.scheduler()
    airflow.create_run("nightly", None, "night")
    scheduler.tick()
    for key in scheduler.executor.sent:
        scheduler.executor.start_task(key)
        scheduler.executor.lose_task(key)
    scheduler.tick()  # reads that the worker is lost
    scheduler.tick()  # queues the next attempt
    return look(airflow)


if __name__ == "__main__":
    for option in ({}, PATIENT):
        print(f"no worker; task_queued_timeout {(option and 3600) or 600}")
        with installation(**option) as airflow:
            for minute, state, attempt in outage(airflow):
                print(f"  minute {minute:<4}{state:<11}try {attempt} of 4")
    with installation() as airflow:
        state, attempt = worker_dies(airflow)
    print("a worker that dies; the task is then")
    print(f"             {state:<11}try {attempt} of 4")
