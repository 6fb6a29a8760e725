import shlex

from conftest import Words
from shell import run


def test_the_nights_that_ended_are_listed(page: Words) -> None:
    run(page.code())
    _, _, *options = shlex.split(page.code())
    assert options == ["--completed", "--prefix", "nightly-"]
