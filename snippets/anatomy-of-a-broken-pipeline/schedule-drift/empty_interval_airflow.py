"""A cron string gives an Airflow run an interval of no length, which holds no order."""

from datetime import UTC, datetime
from sqlite3 import Connection, connect

from airflow.sdk import DAG, CronDataIntervalTimetable, dag, task

MIDNIGHT = datetime(2026, 3, 14, tzinfo=UTC)  # the end of 13 March
ORDERS = [(f"2026-03-13T{hour}:00:00+00:00", 100) for hour in range(10, 20)]


# --8<-- [start:query]
@task
def publish_revenue(
    data_interval_start: datetime,
    data_interval_end: datetime,
) -> list[int]:
    """Count and add up the orders of the interval; its end is the next one's."""
    query = """select count(*), coalesce(sum(eur), 0)
               from orders where ts >= ? and ts < ?"""
    interval = (data_interval_start.isoformat(), data_interval_end.isoformat())
    return list(open_warehouse().execute(query, interval).fetchone())


# --8<-- [end:query]
# --8<-- [start:bug]
@dag(schedule="0 0 * * *")
def cron_string() -> None:
    """Run at midnight; the interval starts and ends at that midnight."""
    publish_revenue()


# --8<-- [end:bug]
# --8<-- [start:fix]
@dag(schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"))
def data_interval() -> None:
    """Run at midnight; the interval is the day that ends there."""
    publish_revenue()


# --8<-- [end:fix]
DAGS = [cron_string(), data_interval()]


def open_warehouse() -> Connection:
    """Open a warehouse that holds the ten orders of 13 March."""
    warehouse = connect(":memory:")
    warehouse.execute("create table orders (ts, eur)")
    warehouse.executemany("insert into orders values (?, ?)", ORDERS)
    return warehouse


def run_at_midnight(pipeline: DAG) -> tuple[str, datetime, datetime, int, int]:
    """Run once; return the run's state and interval, and what it selected."""
    run = pipeline.test(logical_date=MIDNIGHT)
    task = run.get_task_instance("publish_revenue")
    orders, revenue = task.xcom_pull(task_ids=task.task_id)
    return run.state, run.data_interval_start, run.data_interval_end, orders, revenue


if __name__ == "__main__":
    print(f"{'schedule':<15}run      start         end           orders  revenue")
    for pipeline in DAGS:
        state, start, end, orders, revenue = run_at_midnight(pipeline)
        interval = f"{start:%d %b %H:%M}  {end:%d %b %H:%M}"
        print(f"{pipeline.dag_id:<15}{state:<9}{interval}  {orders:<8}EUR {revenue}.00")
