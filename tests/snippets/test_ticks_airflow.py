"""What stands under every proof against the scheduler: where many fail, read these first."""

import pytest

from tooling import airflow_loop, airflow_ticks


def test_airflow_still_has_the_parts_of_a_tick() -> None:
    airflow_ticks.assert_nothing_moved()


@pytest.mark.parametrize(
    ("owner", "part"),
    [
        (owner, name)
        for owner, names in (*airflow_ticks.PRIVATE.items(), *airflow_loop.PRIVATE)
        for name in names
    ],
)
def test_a_part_that_moved_is_named(
    monkeypatch: pytest.MonkeyPatch, owner: object, part: str
) -> None:
    monkeypatch.delattr(owner, part)
    with pytest.raises(airflow_ticks.Moved, match=rf"no `{part}` .* must follow"):
        airflow_ticks.assert_nothing_moved()


def test_no_proof_begins_before_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_ticks, "PRIVATE", {airflow_ticks.Executor: ("no_such_part",)})
    with pytest.raises(airflow_ticks.Moved), airflow_ticks.installation():
        pass
