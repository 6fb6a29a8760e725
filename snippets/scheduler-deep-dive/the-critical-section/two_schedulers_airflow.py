"""Two claimers take the same tasks; two schedulers do not, as one lock lets one in."""

from concurrent.futures import ThreadPoolExecutor

from airflow.sdk import dag, task
from sqlalchemy import text

from testbed.airflow.installation import Installation, installation
from testbed.airflow.scheduler import Scheduler

TASKS = 4


@dag(schedule=None)
def nightly() -> None:
    """Load four regions, none before another."""
    for region in range(TASKS):
        load_orders.override(task_id=f"region_{region}")()


@task
def load_orders() -> None:
    """Load the orders of one region."""


nightly()


# --8<-- [start:bug]
LOOK = "select task_id from task_instance where state = 'scheduled'"
CLAIM = "update task_instance set state = 'queued' where task_id = any(:seen)"


def claim_twice(airflow: Installation, look: str) -> list[int]:
    """Let both claimers look before either writes; count what each claims."""
    with airflow.session() as one, airflow.session() as two:
        seen = [(who, list(who.scalars(text(look)))) for who in (one, two)]
        claimed = []
        for who, tasks in seen:
            claimed.append(who.execute(text(CLAIM), {"seen": tasks}).rowcount)
            who.commit()
    return claimed


# --8<-- [end:bug]
def leave_three_scheduled(airflow: Installation) -> None:
    """Tick a scheduler that has room for one of the four tasks."""
    airflow.create_run("nightly", None, "Friday")
    airflow.scheduler(parallelism=1).tick()


# --8<-- [start:fix]
def tick_inside_a_tick(airflow: Installation) -> dict[str, int]:
    """Tick scheduler B while A is in its critical section; say what B did."""
    a, b = airflow.scheduler(), airflow.scheduler()
    airflow.create_run("nightly", None, "Friday")
    seen = {}

    def meanwhile() -> None:
        a.executor.when_queued = lambda: None  # once is enough
        with ThreadPoolExecutor() as thread:
            seen.update(thread.submit(tick_beside, airflow, b).result())

    a.executor.when_queued = meanwhile
    return {"A queued": a.tick(), **seen, "B queued next": b.tick()}


def tick_beside(airflow: Installation, b: Scheduler) -> dict[str, int]:
    """Tick B with a run of its own to bring forward."""
    airflow.create_run("nightly", None, "Saturday")
    before = airflow.metrics["scheduler.critical_section_busy"]
    queued = b.tick()
    busy = airflow.metrics["scheduler.critical_section_busy"] - before
    query = """select count(*) from task_instance
               where state = 'scheduled' and run_id = 'Saturday'"""
    ((moved,),) = airflow.rows(query)
    return {"B queued": queued, "B found it busy": busy, "B scheduled": moved}


# --8<-- [end:fix]

CLAIMERS = {"no lock": LOOK, "skip locked": f"{LOOK} for update skip locked"}

if __name__ == "__main__":
    print("two claimers   one  two  of 3 tasks")
    for name, look in CLAIMERS.items():
        with installation() as airflow:
            leave_three_scheduled(airflow)
            print("  {:<13}{:<5}{}".format(name, *claim_twice(airflow, look)))
    print("two schedulers")
    with installation() as airflow:
        for name, number in tick_inside_a_tick(airflow).items():
            print(f"  {name:<18}{number}")
