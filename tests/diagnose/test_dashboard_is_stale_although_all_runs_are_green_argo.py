from argo_commands import COLUMNS
from conftest import Words
from shell import run


def test_the_command_has_the_columns(page: Words) -> None:
    run(page.code())
    assert {"SUSPENDED", "LAST RUN"} <= set(COLUMNS[page.code().removeprefix("argo ")])
