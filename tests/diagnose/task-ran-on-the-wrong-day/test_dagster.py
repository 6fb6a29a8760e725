import dagster as dg

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage

DAYS = dg.DailyPartitionsDefinition("2026-03-11")


@dg.asset(partitions_def=DAYS)
def orders_of_a_day() -> None:
    """Load a day."""


@dg.asset
def orders() -> None:
    """Load what the clock says."""


def test_the_day_of_a_run_is_told(page: StagedPage, dagster: dg.DagsterInstance) -> None:
    runs = {
        "2026-03-12": dg.materialize(
            [orders_of_a_day], instance=dagster, partition_key="2026-03-12"
        ),
        None: dg.materialize([orders], instance=dagster),
    }
    for day, run in runs.items():
        ((partition, started, status),) = ask(dagster, page.code().replace("<run id>", run.run_id))
        assert (partition, status) == (day, "SUCCESS")
        assert started.timestamp() == dagster.get_run_record_by_id(run.run_id).start_time
