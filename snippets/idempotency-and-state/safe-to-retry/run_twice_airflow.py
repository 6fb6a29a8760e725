"""Airflow: a key from the logical date outlives a retry and a second run; others do not."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection, connect
from uuid import uuid4

from airflow.sdk import DAG, Context, task

CUSTOMERS = range(10)
FRIDAY = datetime(2026, 3, 13, tzinfo=UTC)


def kept_in_xcom(context: Context) -> str:
    """Draw a unit once, and keep it in the task's own XCom."""
    ti = context["ti"]
    unit = ti.xcom_pull(task_ids=ti.task_id, key="unit") or str(uuid4())
    ti.xcom_push("unit", unit)
    return unit


def kept_in_store(context: Context) -> str:
    """Draw a unit once, and keep it in the task's state store."""
    store = context["task_state_store"]
    unit = store.get("unit") or str(uuid4())
    store.set("unit", unit)
    return unit


# --8<-- [start:bug]
DRAWN = {
    "uuid4()": lambda context: uuid4(),
    "XCom": kept_in_xcom,
    "task_state_store": kept_in_store,
    "run_id": lambda context: context["run_id"],
}
# --8<-- [end:bug]
# --8<-- [start:fix]
DERIVED = {"logical_date": lambda context: context["logical_date"].date()}
# --8<-- [end:fix]


def billing(name: str, unit: Callable[[Context], object]) -> DAG:
    """Charge every customer once for each unit; the first try dies at the end."""
    with DAG(f"billing_{name.strip('()')}") as pipeline:
        # --8<-- [start:task]
        @task(retries=1)
        def charge_renewals(**context: object) -> None:
            renewal = f"renewal/{unit(context)}"
            for customer in CUSTOMERS:
                charge(f"{renewal}/{customer}")
            if context["ti"].try_number == 1:
                raise ConnectionResetError("connection reset by peer")

        # --8<-- [end:task]
        charge_renewals()
    return pipeline


def charge(key: str) -> None:
    """Charge, unless the provider has seen the key."""
    with provider() as charges:
        charges.execute("insert or ignore into charges values (?)", [key])


def provider() -> Connection:
    """Open what the provider holds, which outlives every try and every run."""
    charges = connect(Path.home() / "provider.db")
    charges.execute("create table if not exists charges (key primary key)")
    return charges


DAGS = {name: billing(name, unit) for name, unit in (DRAWN | DERIVED).items()}


def charges_after(pipeline: DAG, runs: int) -> int:
    """Run the day that many times, each with a retry; return the charges."""
    with provider() as charges:
        charges.execute("delete from charges")
    for _ in range(runs):
        pipeline.test(logical_date=FRIDAY)
    [(number,)] = provider().execute("select count(*) from charges")
    return number


if __name__ == "__main__":
    print("key from          one retry  run again")
    for name, pipeline in DAGS.items():
        again = (charges_after(pipeline, runs) for runs in (1, 2))
        print("{:<18}{:<11}{}".format(name, *again))
