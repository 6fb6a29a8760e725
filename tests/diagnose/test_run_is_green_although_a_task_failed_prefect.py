import pytest
from conftest import Words
from prefect import flow, task
from shell import run

pytestmark = pytest.mark.usefixtures("prefect")


@task
def extract(export: list[int]) -> int:
    return export[0]


@flow
def waited(export: list[int]) -> None:
    extract.submit(export).wait()


@flow
def asked(export: list[int]) -> None:
    extract.submit(export).result()


def test_a_failure_below_a_green_run_is_told(page: Words) -> None:
    waited([10])
    asked([], return_state=True)
    assert run(page.code()) == ""
    waited([])
    (line,) = run(page.code()).splitlines()
    _, name, state = line.split("\t")
    assert name.startswith("extract-")
    assert state == "Failed"
