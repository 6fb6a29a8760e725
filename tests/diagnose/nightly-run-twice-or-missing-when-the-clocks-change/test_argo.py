from tests.diagnose.staging.argo import workflow
from tests.diagnose.staging.page import StagedPage
from tests.diagnose.staging.shell import run


def test_both_half_past_twos_are_told_in_their_order(page: StagedPage) -> None:
    second = workflow(name="nightly-b", due="2026-10-25T01:30:00Z", of="nightly")
    first = workflow(name="nightly-a", due="2026-10-25T00:30:00Z", of="nightly")
    hourly = workflow(name="hourly-a", due="2026-10-25T00:30:00Z", of="hourly")
    assert run(page.code(), f"[{second}, {hourly}, {first}]").splitlines() == [
        "2026-10-25T00:30:00Z\tnightly-a\tSucceeded",
        "2026-10-25T01:30:00Z\tnightly-b\tSucceeded",
    ]
