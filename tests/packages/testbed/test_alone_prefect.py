from testbed.sandbox import find, run
from tooling.authoring.recordings import recording_of

PROGRAM = find("anatomy-of-a-broken-pipeline/silent-success/submit_and_forget_prefect.py")


def test_a_program_starts_a_server_if_it_finds_none() -> None:
    assert run(PROGRAM).stdout == recording_of(PROGRAM).read_text()
