"""The two ages of a healthy scheduler with slow turns: of its last heartbeat, and of its row."""

import json

from airflow.configuration import conf

from testbed.airflow.installation import Installation, installation
from testbed.airflow.loop import Part

TURN, TURNS = 27, 7  # seconds of a turn of the loop, and how many of them
START = 3 * 3600 + 17 * 60 + 32  # 03:17:32
PAGED = 3 * 3600 + 20 * 60  # 03:20:00
ROW, HEARTBEAT = "age of the row", "time since the last heartbeat"
THRESHOLD = "threshold"
Points = list[tuple[int, int]]  # second of the day, seconds


def two_ages(airflow: Installation) -> tuple[Points, Points]:
    """Turn the real loop; give both ages before and after each heartbeat but the first."""
    rows: Points = []
    beats: Points = []
    began, beat = airflow.ahead, START

    def watch(part: Part) -> None:
        nonlocal beat
        if part.function == "heartbeat":
            airflow.later(seconds=TURN)
        now = START + int((airflow.ahead - began).total_seconds())
        if part.function == "perform_heartbeat":
            beat = now
        if part.function in ("heartbeat", "perform_heartbeat"):
            rows.append((now, age(airflow)))
            beats.append((now, now - beat))

    airflow.scheduler().loop(watch, TURNS)
    return rows[1:], beats[1:]


def age(airflow: Installation) -> int:
    """Say how old the scheduler's row is, in seconds of whole turns."""
    query = "select extract(epoch from now() - max(latest_heartbeat)) from job"
    ((seconds,),) = airflow.rows(query)
    return TURN * int((float(seconds) + airflow.ahead.total_seconds()) // TURN)


def age_at(points: Points, when: int) -> int:
    """Read an age off the sawtooth between two heartbeats."""
    at, age = [point for point in points if point[0] <= when][-1]
    return age + when - at


def clock(seconds: int) -> str:
    """Write seconds since midnight as a time of day."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def picture(rows: Points, beats: Points, threshold: int) -> dict:
    """Draw both ages on one clock, and what the page said."""
    start, end = rows[0][0], rows[-1][0]
    row, beat = age_at(rows, PAGED), age_at(beats, PAGED)
    said = f"At {clock(PAGED)} the row is {row} s old, and the last heartbeat was {beat} s ago."
    turns = [
        {"lane": "the loop", "start": at, "end": at + TURN, "state": "done", "text": "turn"}
        for at, age in beats
        if not age and at < end
    ]
    paged = {"lane": "your phone", "at": PAGED, "state": "failed", "text": f"{row} s ago"}
    return {
        "title": "Two ages of one scheduler",
        "axis": {
            "label": "time of day",
            "start": start,
            "end": end,
            "ticks": [[at, clock(at)[:5]] for at in range(PAGED - 120, end, 60)],
        },
        "lanes": ["the loop", "your phone"],
        "curve": {
            "label": "seconds",
            "end": 75,
            "ticks": [[age, str(age)] for age in (20, 40, 60)],
            "lines": [ROW, HEARTBEAT],
            "thresholds": [THRESHOLD],
        },
        "runs": [
            {
                "choice": [],
                "bars": turns,
                "events": [paged],
                "lines": {ROW: rows, HEARTBEAT: beats},
                "thresholds": {THRESHOLD: threshold},
                "frames": [{"step": "Healthy, and reported dead", "log": [said]}],
            }
        ],
    }


if __name__ == "__main__":
    with installation() as airflow:
        ages = two_ages(airflow)
    print(json.dumps(picture(*ages, conf.getint("scheduler", "scheduler_health_check_threshold"))))
