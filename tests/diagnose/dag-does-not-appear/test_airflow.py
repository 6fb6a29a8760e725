from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from testbed.airflow.installation import Installation
from tests.diagnose.staging.airflow import change, parse
from tests.diagnose.staging.page import COMPANY, StagedPage
from tests.diagnose.staging.shell import run

BROKEN = "import airflow, no_such_package\nfrom airflow.sdk import DAG\n"
NO_WORD = "print('no such words')\n"


@pytest.fixture
def bundle(ask: Callable, page: StagedPage) -> Callable[[], dict[str, object]]:
    """What the page's query says of the only bundle."""
    names = ("bundle", "active", "version", "last_parse", "import_errors", "is_stale")
    return lambda: dict(zip(names, ask(page.code())[0], strict=True))


def test_it_is_there(airflow: Installation, bundle: Callable) -> None:
    hour = "interval '1 hour'"  # of one file, while the others are read
    change(airflow, f"dag set last_parsed_time = now() - {hour} where dag_id = 'nightly'")
    assert bundle()["is_stale"] is False
    assert bundle()["active"]
    assert bundle()["import_errors"] == 0
    assert bundle()["last_parse"] < timedelta(minutes=5)


def test_a_file_does_not_import(
    page: StagedPage, airflow: Installation, bundle: Callable, tmp_path: Path
) -> None:
    assert "no_such_package" not in run(page.code(number=1))
    (tmp_path / "weekly.py").write_text(BROKEN)
    parse(tmp_path / "weekly.py")
    assert bundle()["import_errors"] == 1
    said = run(page.code(number=1))
    assert "weekly.py" in said
    assert "No module named 'no_such_package'" in said


def test_it_was_there(airflow: Installation, bundle: Callable) -> None:
    change(airflow, "dag set is_stale = true where dag_id = 'nightly'")
    assert bundle()["is_stale"] is True


def test_it_never_was(airflow: Installation, bundle: Callable, tmp_path: Path) -> None:
    airflow.rows("delete from dag where dag_id = 'nightly' returning 1")
    (tmp_path / "nightly.py").write_text(NO_WORD)
    parse(tmp_path / "nightly.py")
    assert bundle()["is_stale"] is None
    assert bundle()["import_errors"] == 0


def test_the_processor_is_down(airflow: Installation, bundle: Callable) -> None:
    change(airflow, "dag set last_parsed_time = now() - interval '1 hour'")
    assert bundle()["last_parse"] > timedelta(minutes=5)


def test_no_file_ever_made_a_dag(airflow: Installation, bundle: Callable) -> None:
    airflow.rows("delete from dag returning 1")
    assert bundle()["last_parse"] is None


def test_a_file_without_the_words_is_not_opened(airflow: Installation, tmp_path: Path) -> None:
    from airflow.utils.file import might_contain_dag

    (tmp_path / "nightly.py").write_text(NO_WORD)
    assert not might_contain_dag(str(tmp_path / "nightly.py"), safe_mode=True)
    assert might_contain_dag(str(COMPANY / "tallow_and_pine_airflow.py"), safe_mode=True)
