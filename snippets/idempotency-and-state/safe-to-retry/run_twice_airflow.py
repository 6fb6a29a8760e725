"""Airflow: a key from the logical date outlives a retry and a second run; others do not."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection, connect
from uuid import uuid4

from airflow.sdk import DAG, Context, get_current_context, task

SUBSCRIPTIONS = [f"sub-{number}" for number in range(10)]
TUESDAY = datetime(2026, 5, 12, 6, tzinfo=UTC)


# --8<-- [start:bug]
@task(retries=1)
def charge_renewals() -> None:
    """Charge the renewals that are due."""
    for subscription in SUBSCRIPTIONS:
        charge(subscription, key=str(uuid4()))


# --8<-- [end:bug]
drawn = charge_renewals


# --8<-- [start:fix]
@task(retries=1)
def charge_renewals(logical_date: datetime) -> None:
    """Charge the renewals whose period begins on the run's day."""
    period = f"{logical_date:%Y-%m-%d}"
    for subscription in SUBSCRIPTIONS:
        charge(subscription, key=f"renewal/{subscription}/{period}")


# --8<-- [end:fix]
def kept_in_xcom(context: Context) -> str:
    """Draw a part of the key once, and keep it in the task's own XCom."""
    ti = context["ti"]
    part = ti.xcom_pull(task_ids=ti.task_id, key="part") or str(uuid4())
    ti.xcom_push("part", part)
    return part


def kept_in_store(context: Context) -> str:
    """Draw a part of the key once, and keep it in the task's state store."""
    store = context["task_state_store"]
    part = store.get("part") or str(uuid4())
    store.set("part", part)
    return part


def run_id(context: Context) -> str:
    """Take the run's id."""
    return context["run_id"]


def charge_with(part: Callable[[Context], str]) -> Callable:
    """Make the task whose keys have this part."""

    @task(retries=1, task_id="charge_renewals")
    def charge_part() -> None:
        this = part(get_current_context())
        for subscription in SUBSCRIPTIONS:
            charge(subscription, key=f"renewal/{subscription}/{this}")

    return charge_part


# --8<-- [start:charge]
def charge(subscription: str, key: str) -> None:
    """Charge, unless the provider has seen the key; on try 1 the last answer is lost."""
    with provider() as charges:
        charges.execute("insert or ignore into charges values (?)", [key])
    if subscription == SUBSCRIPTIONS[-1] and get_current_context()["ti"].try_number == 1:
        raise ConnectionResetError("connection reset by peer")


# --8<-- [end:charge]
def provider() -> Connection:
    """Open what the provider holds, which outlives every try and every run."""
    charges = connect(Path.home() / "provider.db")
    charges.execute("create table if not exists charges (key primary key)")
    return charges


def billing(name: str, charge_all: Callable) -> DAG:
    """Build the Dag of one kind of key."""
    with DAG(f"billing_{name.strip('()')}") as pipeline:
        charge_all()
    return pipeline


TASKS = {
    "uuid4()": drawn,
    "XCom": charge_with(kept_in_xcom),
    "task_state_store": charge_with(kept_in_store),
    "run_id": charge_with(run_id),
    "logical_date": charge_renewals,
}
DAGS = {name: billing(name, charge_all) for name, charge_all in TASKS.items()}


def charges_after(pipeline: DAG, runs: int) -> int:
    """Run the day that many times, each with a retry; return the charges."""
    with provider() as charges:
        charges.execute("delete from charges")
    for _ in range(runs):
        pipeline.test(logical_date=TUESDAY)
    [(number,)] = provider().execute("select count(*) from charges")
    return number


if __name__ == "__main__":
    print("key from          one retry  run again")
    for name, pipeline in DAGS.items():
        again = (charges_after(pipeline, runs) for runs in (1, 2))
        print("{:<18}{:<11}{}".format(name, *again))
