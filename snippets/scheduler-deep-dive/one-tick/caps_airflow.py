"""What one turn of the loop does at most, when it sleeps, and which timers it has."""

from collections import Counter
from datetime import UTC, datetime

from airflow.sdk import dag, task

from testbed.airflow.installation import Installation, installation
from testbed.airflow.loop import Part
from testbed.airflow.scheduler import Scheduler

DAYS = {"start_date": datetime(2026, 3, 10, tzinfo=UTC)}
DAYS["end_date"] = datetime(2026, 3, 14, tzinfo=UTC)
SHOPS, RUNS = 12, 25


@task
def load_orders() -> None:
    """Load the orders of one shop."""


# --8<-- [start:dags]
for shop in range(SHOPS):

    @dag(f"shop_{shop}", schedule="@daily", catchup=True, **DAYS)
    def load_shop() -> None:
        """Load one shop, five days of which are due."""
        load_orders()

    load_shop()


@dag(schedule=None, max_active_runs=RUNS)
def by_hand() -> None:
    """Load one shop whenever somebody asks for it."""
    load_orders()


# --8<-- [end:dags]
by_hand()


def turn(scheduler: Scheduler) -> Counter:
    """Turn the loop once; count its parts, and the seconds that it would sleep."""
    parts = Counter()

    def watch(part: Part) -> None:
        parts[part.function] += part.seconds or 1

    scheduler.loop(watch)
    return parts


def catch_up(airflow: Installation, turns: int) -> list[tuple[int, int]]:
    """Count the runs there are after each turn, and the most of one Dag."""
    per_dag = "select count(*) from dag_run group by dag_id"
    scheduler, seen = airflow.scheduler(), []
    for _ in range(turns):
        turn(scheduler)
        counts = [count for (count,) in airflow.rows(per_dag)]
        seen.append((sum(counts), max(counts)))
    return seen


def on_demand(airflow: Installation, turns: int) -> list[tuple[int, ...]]:
    """Count runs running, examined, tasks queued after each turn, and its sleep."""
    for number in range(RUNS):
        airflow.create_run("by_hand", None, f"shop_{number}")
    scheduler, seen = airflow.scheduler(), []
    for _ in range(turns):
        parts = turn(scheduler)
        started = airflow.states("dag_run", "dag_id = 'by_hand'")["running"]
        queued = airflow.states("task_instance", "dag_id = 'by_hand'").get("queued", 0)
        seen.append((started, parts["_schedule_dag_run"], queued, parts["sleep"]))
    return seen


if __name__ == "__main__":
    with installation() as airflow:
        print(f"{SHOPS} Dags, five days of each due\n  turn  runs  most of a Dag")
        for number, (runs, most) in enumerate(catch_up(airflow, turns=2), start=1):
            print(f"  {number:<6}{runs:<6}{most}")
    with installation() as airflow:
        airflow.pause(*(f"shop_{shop}" for shop in range(SHOPS)))
        print(f"{RUNS} runs asked for\n  turn  runs  examined  tasks  sleeps")
        for number, seen in enumerate(on_demand(airflow, turns=3), start=1):
            print("  {:<6}{:<6}{:<10}{:<7}{} s".format(number, *seen))
        print("timers, in seconds")
        for name, seconds in airflow.scheduler().loop().items():
            print(f"  {seconds:>5g}  {name}")
