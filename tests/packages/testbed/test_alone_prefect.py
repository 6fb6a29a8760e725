import pytest

from testbed.sandbox import PREFECT_SERVER, find, run
from tooling.authoring.recordings import recording_of

PROGRAM = find("anatomy-of-a-broken-pipeline/silent-success/submit_and_forget_prefect.py")


def test_a_program_starts_a_server_if_it_finds_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PREFECT_SERVER)
    assert run(PROGRAM).stdout == recording_of(PROGRAM).read_text()
