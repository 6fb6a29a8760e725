import inspect
from types import ModuleType

from tests.words import Words


def test_bug_is_real(program: ModuleType) -> None:
    ran = program.executed(program.STEPS)
    assert ran == ["load_orders: the old code", "fct_revenue_daily: the new code"]


def test_fix_holds(program: ModuleType) -> None:
    ran = program.executed(program.ONE_PROCESS)
    assert ran == ["load_orders: the old code", "fct_revenue_daily: the old code"]


def test_an_image_counts_only_where_a_container_is_started(
    program: ModuleType, page: Words
) -> None:
    from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
    from dagster._core.origin import RepositoryPythonOrigin

    page.says("`DefaultRunLauncher` starts no container and does not look at the image")
    said = " ".join(RepositoryPythonOrigin.__doc__.split())
    assert "Only used in execution environments that start containers." in said
    assert "image" not in inspect.getsource(DefaultRunLauncher)
