"""What `airflow tasks clear` runs again: without dates every run, without -d one task."""

from datetime import UTC, datetime
from functools import cache

from airflow.api_fastapi.execution_api.app import InProcessExecutionAPI
from airflow.cli.cli_parser import get_parser
from airflow.sdk import Asset, dag, task
from airflow.sdk.timezone import utcnow
from httpx import Client

from testbed.airflow.installation import Installation, installation
from testbed.airflow.scheduler import TaskInstanceKey

THURSDAY = datetime(2026, 3, 12, 3, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 13, 3, tzinfo=UTC)
REVENUE = Asset("revenue")


# --8<-- [start:dags]
@dag(schedule="0 3 * * *", start_date=THURSDAY, end_date=FRIDAY, catchup=True)
def nightly() -> None:
    """Load the orders of a day, then publish its revenue."""
    load_orders() >> publish_revenue()


@dag(schedule=[REVENUE])
def mail_customers() -> None:
    """Mail everybody whenever revenue is published."""
    mail()


# --8<-- [end:dags]
@task
def load_orders() -> None:
    """Load, in this file's workers without any rows."""


@task(outlets=[REVENUE])
def publish_revenue() -> None:
    """Publish; its success raises the asset's event."""


@task
def mail() -> None:
    """Mail, in this file's workers to nobody."""


nightly()
mail_customers()

# --8<-- [start:commands]
DAY = "--start-date 2026-03-13T03:00 --end-date 2026-03-13T03:00"
COMMANDS = {
    "-t load_orders": "-t load_orders",
    "-t load_orders, Friday": f"-t load_orders {DAY}",
    "-t load_orders -d, Friday": f"-t load_orders -d {DAY}",
    "-t ^load_orders$, Friday": f"-t ^load_orders$ {DAY}",
}
# --8<-- [end:commands]


@cache
def execution_api() -> Client:
    """Build the API that workers report to; it takes seconds, and any installation may share it."""
    return Client(transport=InProcessExecutionAPI().transport, base_url="http://in-process")


class Nights:
    """Two nights that have run, and workers that report to the real API."""

    def __init__(self, airflow: Installation) -> None:
        """Let the scheduler catch up on both nights and on what they set off."""
        self.airflow, self.scheduler = airflow, airflow.scheduler()
        self.work_off()

    def work_off(self) -> None:
        """Tick, and let workers run, until nothing is left to do."""
        for _ in range(10):  # a tick creates one run of a Dag
            self.scheduler.tick()
            self.scheduler.executor.run_tasks(self.report)

    def report(self, key: TaskInstanceKey) -> None:
        """Report success, and the asset that was published, as a worker does."""
        query = """select id from task_instance where run_id = :run_id
                   and dag_id = :dag_id and task_id = :task_id"""
        names = {"run_id": key.run_id, "dag_id": key.dag_id, "task_id": key.task_id}
        [(ti_id,)] = self.airflow.rows(query, **names)
        asset = {"name": REVENUE.name, "uri": REVENUE.uri, "type": "Asset"}
        success = {
            "state": "success",
            "end_date": utcnow().isoformat(),
            "task_outlets": [asset] if key.task_id == "publish_revenue" else [],
            "outlet_events": [],
        }
        answer = execution_api().patch(f"/task-instances/{ti_id}/state", json=success)
        answer.raise_for_status()

    # --8<-- [start:clear]
    def clear(self, options: str) -> None:
        """Run `airflow tasks clear` on the nightly Dag, and let Airflow go on."""
        command = ["tasks", "clear", "nightly", *options.split(), "--yes"]
        arguments = get_parser().parse_args(command)
        arguments.func(arguments)
        self.work_off()

    # --8<-- [end:clear]
    def attempts(self) -> list[tuple[str, str, int]]:
        """Read run, task and attempt of the nightly Dag."""
        query = """select ti.run_id, task_id, try_number from task_instance ti
                   join dag_run on dag_run.run_id = ti.run_id and dag_run.dag_id = ti.dag_id
                   where ti.dag_id = 'nightly' order by logical_date, task_id"""
        return self.airflow.rows(query)

    def mails(self) -> int:
        """Count the runs that the asset's events have set off."""
        query = "select count(*) from dag_run where dag_id = 'mail_customers'"
        return self.airflow.rows(query)[0][0]


if __name__ == "__main__":
    print(f"{'':<28}Thursday       Friday         runs of")
    print(f"{'airflow tasks clear':<28}load  publish  load  publish  mail_customers")
    for name, options in {"(before)": None, **COMMANDS}.items():
        with installation() as airflow:
            nights = Nights(airflow)
            if options:
                nights.clear(options)
            tries = [number for _, _, number in nights.attempts()]
            cells = "".join(f"{tries[n]:<{w}}" for n, w in enumerate((6, 9, 6, 9)))
            print(f"{name:<28}{cells}{nights.mails()}")
