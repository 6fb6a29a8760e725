"""The row that says when a scheduler was last alive is one heartbeat behind."""

from testbed.airflow.installation import Installation, installation
from testbed.airflow.loop import Part

TURN = 27  # seconds; scheduler_health_check_threshold is 30


# --8<-- [start:ages]
def ages(airflow: Installation) -> list[tuple[int, int]]:
    """Let turns take 27 seconds; give the row's age before and after each heartbeat."""
    seen = []

    def watch(part: Part) -> None:
        if part.function == "heartbeat":
            airflow.later(seconds=TURN)
            seen.append([age(airflow)])
        if part.function == "perform_heartbeat":
            seen[-1].append(age(airflow))

    airflow.scheduler().loop(watch, times=3)
    return [(before, after) for before, after in seen]


# --8<-- [end:ages]
def age(airflow: Installation) -> int:
    """Say how old the scheduler's row is, in seconds of whole turns."""
    query = "select extract(epoch from now() - latest_heartbeat) from job"
    ((seconds,),) = airflow.rows(query)
    turns = (float(seconds) + airflow.ahead.total_seconds()) // TURN
    return TURN * int(turns)


if __name__ == "__main__":
    print("age of the row, in seconds\n  turn  before  after the heartbeat")
    with installation() as airflow:
        for number, (before, after) in enumerate(ages(airflow), start=1):
            print(f"  {number:<6}{before:<8}{after}")
