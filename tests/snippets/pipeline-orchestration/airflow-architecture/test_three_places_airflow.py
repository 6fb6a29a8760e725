from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def found(program: ModuleType) -> dict[str, str]:
    return program.found()


def test_bug_is_real(found: dict[str, str]) -> None:
    """The page Connections shows production, and tasks load into staging."""
    assert found["and in the environment"] == "staging"


def test_fix_holds(found: dict[str, str]) -> None:
    assert found["and in a secrets backend"] == "vault"


def test_the_database_is_asked_last(found: dict[str, str]) -> None:
    assert (found["nowhere"], found["and in the database"]) == ("not found", "production")
