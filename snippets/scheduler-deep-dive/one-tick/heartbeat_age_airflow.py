"""How old the row of a healthy scheduler gets, by how long a turn of its loop takes."""

import json

from airflow.configuration import conf

from testbed.airflow.installation import Installation, installation
from testbed.airflow.loop import Part

TURNS = [5, 10, 15, 20, 27, 35]  # seconds that one turn of the loop takes
UNTIL = 140  # seconds
ROW, THRESHOLD = "age of job.latest_heartbeat", "scheduler_health_check_threshold"
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
    """Step from heartbeat to heartbeat."""
    beats = list(zip(points[::2], points[1::2], strict=True))
    start = {
        "step": "0 s: the scheduler starts",
        "at": 0,
        "facts": facts(points[:0], threshold),
        "log": [f"every turn takes {turn} s", f"the threshold is {threshold} s"],
    }
    frames = [frame(points[: 2 * n], *beat, threshold) for n, beat in enumerate(beats, 1)]
    return {
        "choice": [turn],
        "lines": {ROW: [(0, 0), *points]},
        "thresholds": {THRESHOLD: threshold},
        "frames": [start, *frames[:3], frames[-1]],
    }


def frame(so_far: list[Point], before: Point, after: Point, threshold: int) -> dict:
    """Draw one heartbeat: what it found in the row, and what it left there."""
    (at, age_before), (_, age_after) = before, after
    late = age_before > threshold
    return {
        "step": f"{at} s: heartbeat {len(so_far) // 2}",
        "at": at,
        "mark": before,
        "facts": facts(so_far, threshold),
        "log": [
            f"before it the row is {age_before} s old: {'unhealthy' if late else 'healthy'}",
            f"after it the row is {age_after} s old",
        ],
    }


def facts(so_far: list[Point], threshold: int) -> dict[str, str]:
    """Say how old the row has been, at most."""
    oldest = max((age for _, age in so_far), default=0)
    return {"Oldest so far": f"{oldest} s", "Threshold": f"{threshold} s"}


if __name__ == "__main__":
    threshold = conf.getint("scheduler", THRESHOLD)
    with installation() as airflow:
        teeth = {turn: sawtooth(airflow, turn) for turn in TURNS}
    oldest = {turn: max(age for _, age in points) for turn, points in teeth.items()}
    top = max(oldest.values()) + 10
    simulation = {
        "title": "A sawtooth",
        "steps": "Heartbeat",
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
