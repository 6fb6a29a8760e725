"""Two nights minute by minute: each file of a load takes its time, and no file takes none."""

import json

CONNECT = 4  # seconds to connect and to list the folder
LOAD = 11 * 60  # seconds of an ordinary night
FILES = 11  # which it brings
AFTER = 2 * 60  # seconds for the two tasks after the load
START = 3 * 3600 + 12 * 60  # 03:12


def load_seconds(files: int) -> float:
    """Return how long the load takes: a fixed part, and as much again for each file."""
    return CONNECT + files * (LOAD - CONNECT) / FILES


def clock(seconds: float) -> str:
    """Write seconds since midnight as a time of day."""
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}"


def night(day: str, files: int) -> tuple[list[dict], list[dict], str]:
    """Return a night's bars, its events, and a sentence that says the same."""
    load, rest = f"{day}: load_orders", f"{day}: the tasks after it"
    took = load_seconds(files)
    loaded, ended = START + took, START + took + AFTER
    words = f"{took / 60:.0f} minutes" if files else f"{took:.0f} seconds"
    bars = [{"lane": rest, "start": loaded, "end": ended, "state": "done"}]
    events = [{"lane": rest, "at": ended, "state": "done", "text": f"green, {clock(ended)}"}]
    if files:
        bars.append({"lane": load, "start": START, "end": loaded, "state": "done", "text": words})
    else:
        events.append({"lane": load, "at": START, "state": "done", "text": words})
    return bars, events, f"{day}: load_orders takes {words}; the run is green at {clock(ended)}."


def picture() -> dict:
    """Return both nights on one axis."""
    nights = {"7 March": FILES, "14 March": 0}
    drawn = [night(day, files) for day, files in nights.items()]
    ticks = [[START + 60 * minute, clock(START + 60 * minute)] for minute in (0, 3, 6, 9, 11, 13)]
    return {
        "title": "Two Saturdays, both green",
        "axis": {"label": "time of day", "start": START, "end": START + 15 * 60, "ticks": ticks},
        "lanes": [
            f"{day}: {what}" for day in nights for what in ("load_orders", "the tasks after it")
        ],
        "runs": [
            {
                "choice": [],
                "bars": [bar for bars, _, _ in drawn for bar in bars],
                "events": [event for _, events, _ in drawn for event in events],
                "frames": [{"step": "Both nights", "log": [said for _, _, said in drawn]}],
            }
        ],
    }


if __name__ == "__main__":
    print(json.dumps(picture()))
