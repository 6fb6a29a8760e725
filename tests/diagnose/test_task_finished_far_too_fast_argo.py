from conftest import Words
from shell import run


def test_argo_has_the_command(page: Words) -> None:
    run(page.code())
