from tooling.recordings import recording_of
from tooling.sandbox import find, run

PROGRAM = find("anatomy-of-a-broken-pipeline/silent-success/submit_and_forget_prefect.py")


def test_a_program_starts_a_server_if_it_finds_none() -> None:
    assert run(PROGRAM).stdout == recording_of(PROGRAM).read_text()
