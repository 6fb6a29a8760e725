"""A scheduler silent for 40 seconds: killed and replaced, joined by a second, or left alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from airflow.sdk import dag, task

from testbed.airflow.installation import Installation, installation
from testbed.airflow.loop import Part
from testbed.airflow.scheduler import Scheduler

SILENT, QUICK = 40, 6  # seconds; scheduler_health_check_threshold is 30
NIGHTS = ("Thursday", "Friday")


@task
def load_orders() -> None:
    """Load the orders of one region."""


@dag(schedule=None)
def nightly() -> None:
    """Load two regions, without a retry."""
    for region in ("north", "south"):
        load_orders.override(task_id=region)()


nightly()


class Killed(BaseException):
    """The process is gone; its database takes back what it had not committed."""


def kill() -> None:
    """End the process where it is."""
    raise Killed


# --8<-- [start:harness]
def first_scheduler(airflow: Installation) -> Scheduler:
    """Add the scheduler of the night, and two runs for it."""
    for night in NIGHTS:
        airflow.create_run("nightly", None, night)
    return airflow.scheduler()


def turn(scheduler: Scheduler, last: str, then: Callable[[], object], times: int = 1) -> None:
    """Turn the loop; as the part `last` of it ends, let the workers begin, and act."""

    def watch(part: Part) -> None:
        if part.function == last:
            for key in scheduler.executor.sent:
                scheduler.executor.start_task(key)
            then()

    scheduler.loop(watch, times)


def start_another(airflow: Installation) -> int:
    """Start a scheduler and turn its loop once; count the tasks that it reset."""
    scheduler = airflow.scheduler()
    reset = scheduler.start()
    scheduler.tick()
    return reset


def look(airflow: Installation) -> str:
    """Say in which state and which try the four tasks are."""
    query = """select count(*), coalesce(state, 'none'), try_number
               from task_instance group by 2, 3"""
    return ", ".join("{} {}, try {}".format(*row) for row in airflow.rows(query))


# --8<-- [end:harness]
KILLED = {
    "one of two runs examined": "_schedule_dag_run",
    "tasks queued, none sent": "_critical_section_enqueue_task_instances",
    "tasks sent and running": "heartbeat",
}


# --8<-- [start:bug]
def restart(airflow: Installation, last: str) -> tuple[str, int, str]:
    """Kill a scheduler in its loop; 40 s later, start another."""
    try:
        turn(first_scheduler(airflow), last, then=kill)
    except Killed:
        left = look(airflow)
    airflow.later(seconds=SILENT)
    return left, start_another(airflow), look(airflow)


# --8<-- [end:bug]
def join(airflow: Installation) -> tuple[str, int, str]:
    """Start a second scheduler next to the first, which is alive in its slow turn."""
    seen = []

    def during_the_turn() -> None:
        airflow.later(seconds=SILENT)
        seen.append(look(airflow))
        with ThreadPoolExecutor() as thread:
            seen.append(thread.submit(start_another, airflow).result())

    turn(first_scheduler(airflow), "heartbeat", during_the_turn)
    left, reset = seen
    return left, reset, look(airflow)


def wait(airflow: Installation) -> tuple[str, int, str]:
    """Let the slow turn end, and a quick one, before another scheduler starts."""
    seconds = iter((SILENT, QUICK))
    first = first_scheduler(airflow)
    turn(first, "heartbeat", lambda: airflow.later(seconds=next(seconds)), times=2)
    left = look(airflow)
    return left, start_another(airflow), look(airflow)


def tell(name: str, story: tuple[str, int, str]) -> None:
    """Print what there was, what the next scheduler reset, and what came of it."""
    print("{}\n  before: {}; reset: {}; after: {}".format(name, *story))


if __name__ == "__main__":
    for name, last in KILLED.items():
        with installation() as airflow:
            tell(f"killed, {name}", restart(airflow, last))
    alive = {"joined by a second one": join, "left to end its turn": wait}
    for name, story in alive.items():
        with installation() as airflow:
            tell(f"alive, {name}", story(airflow))
