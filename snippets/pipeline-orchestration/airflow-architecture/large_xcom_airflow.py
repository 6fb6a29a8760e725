"""Five megabytes pass from task to task: where they lie, and what the metadata database keeps."""

import os
from pathlib import Path
from tempfile import gettempdir

HOME = Path(os.environ.get("AIRFLOW_HOME", gettempdir()))
# --8<-- [start:fix]
BACKEND = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"
OPTIONS = {
    "AIRFLOW__CORE__XCOM_BACKEND": BACKEND,
    "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH": f"file://{HOME}/xcom",
    "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD": "100000",  # bytes; smaller ones stay
}
# --8<-- [end:fix]
for name, value in OPTIONS.items():  # before Airflow is imported: it looks for a backend once
    os.environ.setdefault(name, value)  # and each time that the file is parsed

from airflow.models.xcom import XComModel  # noqa: E402
from airflow.providers.common.io.xcom import backend  # noqa: E402
from airflow.sdk import dag, task  # noqa: E402
from airflow.utils.session import create_session  # noqa: E402

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


def run(threshold: int) -> dict[str, str]:
    """Run it with a limit, and return what came, and what is in the database and in files."""
    os.environ[THRESHOLD] = str(threshold)
    backend._get_threshold.cache_clear()  # a worker is a new process and asks once
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
    is_path = value.startswith("file://")
    return f"file://…/{value.rpartition('/')[2]}" if is_path else size(len(value))


def in_files() -> int:
    """Add up the bytes of what the backend wrote."""
    return sum(file.stat().st_size for file in HOME.glob("xcom/**/*") if file.is_file())


if __name__ == "__main__":
    for place, threshold in {"the database": -1, "files": 100_000}.items():
        print(f"large values in {place}")
        for what, found in run(threshold).items():
            print(f"  {what:<23}{found}")
