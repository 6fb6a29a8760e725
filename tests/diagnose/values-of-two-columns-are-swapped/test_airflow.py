from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import code_changed, finish
from tests.diagnose.staging.page import StagedPage


def versions(page: StagedPage, airflow: Installation) -> dict[str, tuple]:
    """Ask for the version, the commit and the clears of the two runs."""
    found = airflow.rows(page.code())
    return {row[0]: row[2:] for row in found if row[0] in ("first", "second")}


def test_the_night_of_a_deployment_is_told(page: StagedPage) -> None:
    page.says("`bundle_version` is the commit that the run is held to.")
    with code_changed() as (airflow, repository, scheduler):
        old, new = repository.commits
        assert versions(page, airflow) == {"first": (1, old, 0), "second": (1, new, 0)}
        page.says("A `clear_number` above 0 may have put a later commit in its place.")
        airflow.clear("nightly", "first", on_latest_version=True)
        finish(scheduler, 20)
        assert versions(page, airflow)["first"] == (1, new, 1)
