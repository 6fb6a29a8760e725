from tests.diagnose.staging.argo_commands import COLUMNS
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_the_command_has_the_columns(page: StagedPage) -> None:
    run(page.code())
    assert {"SUSPENDED", "LAST RUN"} <= set(COLUMNS[page.code().removeprefix("argo ")])
