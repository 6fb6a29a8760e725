"""Five events before one tick make one run that is told of the first of them."""

from collections.abc import Callable

from airflow.sdk import Asset, dag, task

from testbed.airflow.installation import Installation, installation
from testbed.airflow.scheduler import TaskInstanceKey

# Ten orders of EUR 100.00 arrive in five files, and each file raises an event.
FILES = {f"orders_{number}.csv": 200 for number in range(1, 6)}


@dag(schedule=[Asset("raw_orders")])
def publish() -> None:
    """Publish what has arrived."""
    publish_revenue()


@task
def publish_revenue() -> None:
    """Publish, which this file's workers do by one of the two functions below."""


publish()


# --8<-- [start:bug]
def load_what_the_run_was_told(airflow: Installation, run_id: str) -> set[str]:
    """Load the files of the events that the run consumed."""
    query = """select event.extra ->> 'file' from asset_event event
               join dagrun_asset_event told on told.event_id = event.id
               join dag_run run on run.id = told.dag_run_id
               where run.run_id = :run_id"""
    return {file for (file,) in airflow.rows(query, run_id=run_id)}


# --8<-- [end:bug]
# --8<-- [start:fix]
def load_what_is_there(airflow: Installation, run_id: str) -> set[str]:
    """Take the event as a reason to look, and load every file that is there."""
    arrived = airflow.rows("select extra ->> 'file' from asset_event")
    return {file for (file,) in arrived if file}


# --8<-- [end:fix]
class Night:
    """A consumer of events, and what it has loaded."""

    def __init__(self, airflow: Installation, load: Callable[..., set[str]]) -> None:
        """Start with nothing loaded."""
        self.airflow, self.load = airflow, load
        self.scheduler = airflow.scheduler()
        self.loaded: set[str] = set()

    # --8<-- [start:burst]
    def burst(self) -> None:
        """Let five files arrive before the scheduler looks."""
        for file in FILES:
            self.airflow.create_event("raw_orders", {"file": file})
        self.tick(times=4)

    # --8<-- [end:burst]
    def nudge(self) -> None:
        """Raise one more event, which brings no file."""
        self.airflow.create_event("raw_orders", {})
        self.tick(times=2)

    def tick(self, times: int) -> None:
        """Tick, and let workers load."""
        for _ in range(times):
            self.scheduler.tick()
            self.scheduler.executor.run_tasks(self.load_files)

    def load_files(self, key: TaskInstanceKey) -> None:
        """Load what the run of a task is for."""
        self.loaded |= self.load(self.airflow, key.run_id)

    def seen(self) -> tuple[int, int, int]:
        """Count runs, events, and events that a run was told of."""
        query = """select (select count(*) from dag_run),
                          (select count(*) from asset_event),
                          (select count(*) from dagrun_asset_event)"""
        return self.airflow.rows(query)[0]

    def revenue(self) -> str:
        """Return the published figure."""
        return f"EUR {sum(FILES[file] for file in self.loaded if file):.2f}"


if __name__ == "__main__":
    for load in (load_what_the_run_was_told, load_what_is_there):
        print(f"{load.__name__:<28}runs  events  told of  figure")
        with installation() as airflow:
            night = Night(airflow, load)
            for happens in (night.burst, night.nudge):
                happens()
                runs, events, told = night.seen()
                print(f"  {happens.__name__:<26}{runs:<6}{events:<8}{told:<9}", end="")
                print(night.revenue())
