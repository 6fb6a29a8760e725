"""How old the row of a healthy scheduler gets, by how long a turn of its loop takes."""

import json

from airflow.configuration import conf

from testbed.airflow.installation import Installation, installation
from testbed.airflow.loop import Part

TURNS = [5, 10, 15, 20, 27, 35]  # seconds that one turn of the loop takes
UNTIL = 140  # seconds
ROW, THRESHOLD = "age of the row", "threshold"
Point = tuple[int, int]  # seconds since the first turn began, age of the row


# --8<-- [start:sawtooth]
def sawtooth(airflow: Installation, turn: int) -> list[Point]:
    """Let every turn take so long; give the row's age before and after each heartbeat."""
    seen: list[Point] = []
    start = airflow.ahead

    def watch(part: Part) -> None:
        if part.function == "heartbeat":
            airflow.later(seconds=turn)
        if part.function in ("heartbeat", "perform_heartbeat"):
            now = int((airflow.ahead - start).total_seconds())
            seen.append((now, age(airflow, turn)))

    airflow.scheduler().loop(watch, times=UNTIL // turn)
    return seen


# --8<-- [end:sawtooth]
def age(airflow: Installation, turn: int) -> int:
    """Say how old the scheduler's row is, in seconds of whole turns."""
    query = "select extract(epoch from now() - max(latest_heartbeat)) from job"
    ((seconds,),) = airflow.rows(query)
    return turn * int((float(seconds) + airflow.ahead.total_seconds()) // turn)


def run(turn: int, points: list[Point], threshold: int) -> dict:
    """Draw the sawtooth, and say how much of a turn it is over the threshold."""
    (_, oldest), (_, youngest) = points[-2:]
    dead = max(0, oldest - max(youngest, threshold))
    facts = {"The row, at its oldest": f"{oldest} s", "Reported dead": f"{dead} of {turn} s"}
    said = f"with turns of {turn} s the row is {youngest} to {oldest} s old; it is reported dead"
    frame = {
        "step": f"Turns of {turn} s",
        "facts": facts,
        "log": [f"{said} for {dead} s of each turn"],
    }
    return {
        "choice": [turn],
        "lines": {ROW: [(0, 0), *points]},
        "thresholds": {THRESHOLD: threshold},
        "frames": [frame],
    }


if __name__ == "__main__":
    threshold = conf.getint("scheduler", "scheduler_health_check_threshold")
    with installation() as airflow:
        teeth = {turn: sawtooth(airflow, turn) for turn in TURNS}
    oldest = {turn: max(age for _, age in points) for turn, points in teeth.items()}
    top = max(oldest.values()) + 10
    simulation = {
        "title": "A sawtooth",
        "choices": [{"label": "A turn of the loop takes", "options": TURNS, "unit": "s"}],
        "axis": {
            "label": "seconds since the scheduler started",
            "start": 0,
            "end": UNTIL,
            "ticks": [[at, str(at)] for at in range(0, UNTIL + 1, 35)],
        },
        "curve": {
            "label": "seconds",
            "end": top,
            "ticks": [[age, str(age)] for age in range(20, top, 20)],
            "lines": [ROW],
            "thresholds": [THRESHOLD],
        },
        "runs": [run(turn, points, threshold) for turn, points in teeth.items()],
    }
    print(json.dumps(simulation, indent=1))
