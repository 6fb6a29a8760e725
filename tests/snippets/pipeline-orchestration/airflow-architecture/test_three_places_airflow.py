import pytest

from testbed.sandbox import SNIPPETS, run

PROGRAM = SNIPPETS / "pipeline-orchestration/airflow-architecture/three_places_airflow.py"


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    """What it prints, in a process of its own: Airflow keeps the backend that it has read."""
    _, *rows = run(PROGRAM).stdout.splitlines()
    return {row[:34].strip(): row[34:] for row in rows}


def test_bug_is_real(found: dict[str, str]) -> None:
    """The page Connections shows production, and tasks load into staging."""
    assert found["and in the environment"] == "staging"


def test_fix_holds(found: dict[str, str]) -> None:
    assert found["and in a secrets backend"] == "vault"


def test_the_database_is_asked_last(found: dict[str, str]) -> None:
    assert (found["nowhere"], found["and in the database"]) == ("not found", "production")
