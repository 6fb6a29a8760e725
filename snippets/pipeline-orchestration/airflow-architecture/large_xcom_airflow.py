"""Five megabytes pass from task to task: where they lie, and what the metadata database keeps."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir

from airflow.models.xcom import XComModel
from airflow.providers.common.io.xcom import backend
from airflow.sdk import dag, task
from airflow.utils.session import create_session

HOME = Path(os.environ.get("AIRFLOW_HOME", gettempdir()))
# --8<-- [start:fix]
BACKEND = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"
OPTIONS = {
    "AIRFLOW__CORE__XCOM_BACKEND": BACKEND,
    "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH": f"file://{HOME}/xcom",
    "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD": "100000",  # bytes; smaller ones stay
}
# --8<-- [end:fix]
THRESHOLD = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD"
MEGABYTES = 5


# --8<-- [start:bug]
@task
def load_orders() -> str:
    """Return what the shop sent."""
    return "x" * MEGABYTES * 1_000_000


@task
def stg_orders(orders: str) -> int:
    """Return how many bytes came."""
    return len(orders)


@dag(schedule=None)
def hand_over() -> None:
    """Have one task take what another returned."""
    stg_orders(load_orders())


# --8<-- [end:bug]
pipeline = hand_over()


def runs(*thresholds: int) -> list[dict[str, str]]:
    """Run it with each in one new process, since Airflow looks for the backend once in each."""
    command = [sys.executable, __file__, *map(str, thresholds)]
    ended = subprocess.run(command, env=os.environ | OPTIONS, capture_output=True, check=True)
    return json.loads(ended.stdout.splitlines()[-1])


def run(threshold: str) -> dict[str, str]:
    """Run it here, and return what came, and what is in the database and in files."""
    os.environ[THRESHOLD] = threshold
    backend._get_threshold.cache_clear()  # a worker, which is a new process, asks once
    before = in_files()
    ended = pipeline.test()
    with create_session() as session:
        kept = session.query(XComModel).filter_by(run_id=ended.run_id)
        rows = {row.task_id: row.value for row in kept}
    return {
        "the next task got": size(rows["stg_orders"]),
        "the row of xcom holds": held(rows["load_orders"]),
        "files hold": size(in_files() - before),
    }


def size(count: int) -> str:
    """Write a number of bytes."""
    return f"{count:,} bytes"


def held(value: str) -> str:
    """Write what a row holds: the value, or the path of a file that holds it."""
    if not value.startswith("file://"):
        return size(len(value))
    *_, dag_id, _, task_id, _ = value.split("/")
    return f"file://…/{dag_id}/…/{task_id}/…"


def in_files() -> int:
    """Add up the bytes of what the backend wrote."""
    return sum(file.stat().st_size for file in HOME.glob("xcom/**/*") if file.is_file())


def main() -> None:
    """Keep large values in the database, and then in files."""
    for place, found in zip(("the database", "files"), runs(-1, 100_000), strict=True):
        print(f"large values in {place}")
        for what, amount in found.items():
            print(f"  {what:<23}{amount}")


if __name__ == "__main__":
    if thresholds := sys.argv[1:]:
        print(json.dumps([run(one) for one in thresholds]))
    else:
        main()
