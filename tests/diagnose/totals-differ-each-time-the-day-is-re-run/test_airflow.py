from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import code_changed, finish
from tests.diagnose.staging.page import StagedPage


def commits(page: StagedPage, airflow: Installation) -> dict[tuple[str, int], tuple]:
    """Ask for the version, the commit and the clears of each attempt at the two runs."""
    found = airflow.rows(page.code())
    assert all(row[2] is not None for row in found)
    return {(row[0], row[1]): row[3:] for row in found if row[0] in ("first", "second")}


def test_the_commit_of_each_attempt_is_told(page: StagedPage) -> None:
    page.says("A changed line inside a task shows only as another `bundle_version`")
    page.says("While the structure stays, it has the newest for every attempt.")
    with code_changed() as (airflow, repository, scheduler):
        old, new = repository.commits
        assert commits(page, airflow) == {("first", 1): (1, old, 0), ("second", 1): (1, new, 0)}
        assert airflow.rows("select bundle_version from dag_version where dag_id = 'nightly'") == [
            (new,)
        ]
        airflow.clear("nightly", "first")
        finish(scheduler, 20)
        assert commits(page, airflow)["first", 2] == (1, old, 1)
        page.says("a clear on the latest version writes the new commit over the old")
        airflow.clear("nightly", "first", on_latest_version=True)
        finish(scheduler, 20)
        assert {commits(page, airflow)["first", number] for number in (1, 2, 3)} == {(1, new, 2)}


def test_a_folder_has_no_commit(page: StagedPage, airflow: Installation) -> None:
    page.says("a bundle without versions, such as a local folder, has none")
    airflow.create_run("nightly", None, "first")
    finish(airflow.scheduler())
    assert commits(page, airflow) == {("first", 1): (1, None, 0)}
