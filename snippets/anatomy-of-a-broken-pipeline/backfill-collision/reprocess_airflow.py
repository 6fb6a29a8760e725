"""A backfill clears the runs of the schedule and runs them again: appends double."""

from collections.abc import Callable
from datetime import UTC, datetime
from sqlite3 import Connection, connect

from airflow.sdk import dag, task

from testbed.airflow.installation import Installation, installation
from testbed.airflow.scheduler import TaskInstanceKey

FIRST = datetime(2026, 3, 11, 3, tzinfo=UTC)
LAST = datetime(2026, 3, 13, 3, tzinfo=UTC)


@dag(schedule="0 3 * * *", start_date=FIRST, end_date=LAST, catchup=True)
def nightly() -> None:
    """Load the orders of a day."""
    load_orders()


@task
def load_orders() -> None:
    """Load, which this file's workers do by one of the two functions below."""


nightly()


# --8<-- [start:bug]
def append(warehouse: Connection, day: str) -> None:
    """Add the day's ten orders of EUR 100.00."""
    warehouse.executemany("insert into orders values (?, 100)", [[day]] * 10)


# --8<-- [end:bug]
# --8<-- [start:fix]
def overwrite(warehouse: Connection, day: str) -> None:
    """Replace the day by its ten orders of EUR 100.00."""
    with warehouse:
        warehouse.execute("delete from orders where day = ?", [day])
        append(warehouse, day)


# --8<-- [end:fix]
class Night:
    """A schedule of three days that has run, and the warehouse that it filled."""

    def __init__(self, airflow: Installation, load: Callable[..., None]) -> None:
        """Let the scheduler catch up on the three days."""
        self.airflow, self.load = airflow, load
        self.scheduler = airflow.scheduler()
        self.warehouse = connect(":memory:")
        self.warehouse.execute("create table orders (day, eur)")
        self.work_off()

    def work_off(self) -> None:
        """Tick, and let workers load, until nothing is left to do."""
        for _ in range(8):  # a tick creates one run of a Dag
            self.scheduler.tick()
            self.scheduler.executor.run_tasks(self.load_day)

    def load_day(self, key: TaskInstanceKey) -> None:
        """Load the day of a task, which its run's id names."""
        self.load(self.warehouse, key.run_id)

    # --8<-- [start:backfill]
    def backfill(self, reprocess: str) -> None:
        """Ask for the same three days again, as an analyst does."""
        self.airflow.backfill("nightly", FIRST, LAST, reprocess)
        self.work_off()

    # --8<-- [end:backfill]
    def runs(self) -> list[tuple[str, str, int]]:
        """Read id, type and number of clears of every run."""
        query = "select run_id, run_type, clear_number from dag_run order by run_id"
        return self.airflow.rows(query)

    def revenue(self) -> str:
        """Return the figure of the three days."""
        (eur,) = self.warehouse.execute("select sum(eur) from orders").fetchone()
        return f"EUR {eur:.2f}"


if __name__ == "__main__":
    for load in (append, overwrite):
        for reprocess in ("none", "completed"):
            with installation() as airflow:
                night = Night(airflow, load)
                print(f"{load.__name__}, {night.revenue()}; backfill {reprocess}")
                night.backfill(reprocess)
                for run_id, run_type, clears in night.runs():
                    print(f"  {run_id[:21]}  {run_type:<10} cleared {clears}")
                print(f"  {night.revenue()}")
