"""Two nights on one axis: what the run did, what was in the table, and what each light showed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from miniorch import (
    DAG,
    FakeClock,
    Fault,
    FaultKind,
    Orchestrator,
    Order,
    Settings,
    Task,
    TaskContext,
)

START, RUN_DUE, AGAIN, DATA_DUE = "03:12", "03:30", "04:57", "06:10"
SECONDS = {"load_orders": 660, "stg_orders": 60, "fct_revenue_daily": 60}
LEDGER = (10, 1_000_00)  # orders and cents
# The half hour of the runs is drawn wider than the hours after it: time, hundredths of the width.
SCALE = [("03:10", 0), ("03:45", 65), ("06:20", 100)]
TICKS = ["03:12", "03:30", "03:41", "06:10"]

WORK = [
    Fault(FaultKind.SLOW, task, attempt, at="work", seconds=seconds)
    for task, seconds in SECONDS.items()
    for attempt in (1, 2)
]
# --8<-- [start:faults]
EXPORT_WITHDRAWN = Fault(FaultKind.SLOW, "load_orders", at="asks for the export", seconds=15 * 60)
NODE_RECYCLED = Fault(FaultKind.KILL_WORKER, "fct_revenue_daily", at="committed")
# --8<-- [end:faults]


def work(ctx: TaskContext) -> Iterator[str]:
    """Ask for the export and work; the last task replaces its day."""
    yield "asks for the export"
    yield "work"
    if ctx.task_id == "fct_revenue_daily":
        tx = ctx.warehouse.begin()
        cents = ctx.params["cents"]
        tx.overwrite(ctx.day, [Order(ctx.day, order.id, cents) for order in ctx.orders()])
        tx.commit()
    yield "committed"


class Night:
    """One night on miniorch until the data is due, and what it looked like."""

    def __init__(self, date: str, faults: list[Fault], cents: int, again: bool) -> None:
        """Run it at 03:12, and a second time if somebody clears it."""
        self.midnight = datetime.fromisoformat(date).replace(tzinfo=UTC)
        self.name = f"{self.midnight:%A %d}"
        before, day = ((), ("load_orders",), ("stg_orders",)), self.midnight - timedelta(days=1)
        tasks = tuple(
            Task(task, work, upstream, params={"cents": cents})
            for task, upstream in zip(SECONDS, before, strict=True)
        )
        self.machine = Orchestrator(
            [DAG("revenue", tasks)],
            [*WORK, *faults],
            Settings(tick_seconds=1, heartbeat_timeout=60),
            FakeClock(self.at(START)),
        )
        self.machine.trigger("revenue", day)
        if again:
            self.machine.run_until(self.at(AGAIN))
            self.machine.clear("revenue", day)
        self.machine.run_until(self.at(DATA_DUE))

    def at(self, clock: str) -> datetime:
        """Return a time of this night."""
        hour, minute = clock.split(":")
        return self.midnight + timedelta(hours=int(hour), minutes=int(minute))

    def times(self, *kinds: str, label: str = "") -> list[str]:
        """Say when events happened, in hours and minutes."""
        return [
            f"{event.at:%H:%M}"
            for event in self.machine.store.events(*kinds)
            if label in ("", event.detail.get("label"))
        ]

    @property
    def well(self) -> bool:
        """Whether the run had ended in success when it was due."""
        return any(time <= RUN_DUE for time in self.times("run_success"))

    @property
    def right(self) -> bool:
        """Whether the table agrees with the ledger when the data is due."""
        [row] = self.machine.warehouse.query("select count(*), sum(cents) from revenue")
        return tuple(row) == LEDGER

    def bars(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Say what took time: lane, start, end, state, text."""
        ends = self.machine.store.events("run_failed", "run_success")
        began = self.times("point", label="work")[:: len(SECONDS)]
        for asked, start, end in zip(self.times("run_running"), began, ends, strict=True):
            if asked < start:
                yield "run", asked, start, "waiting", "waits"
            state = "done" if end.kind == "run_success" else "failed"
            yield "run", start, f"{end.at:%H:%M}", state, "again" if asked == AGAIN else "works"
        state, text = ("done", "right") if self.right else ("failed", "wrong")
        committed = self.times("warehouse")[0]
        yield "table", committed, DATA_DUE, state, f"{text}, from {committed} on"

    def lights(self) -> Iterator[tuple[str, str, str, str]]:
        """Say what each light showed at its hour: lane, time, state, text."""
        for lane, due, light, on in (
            ("run", RUN_DUE, "pipeline", self.well),
            ("table", DATA_DUE, "data", self.right),
        ):
            yield lane, due, "done" if on else "failed", f"{light} light {'on' if on else 'off'}"

    def told(self) -> Iterator[str]:
        """Say all of it in words."""
        for lane, start, end, state, text in self.bars():
            yield f"{self.name}, {start} to {end}: the {lane}: {text} ({state})"
        for _, time, _, text in self.lights():
            yield f"{self.name}, {time}: {text}"


def place(time: str) -> float:
    """Return where a time lies on the axis."""
    marks = [(minutes(mark), at) for mark, at in SCALE]
    for (start, left), (end, right) in pairwise(marks):
        if minutes(time) <= end:
            share = (minutes(time) - start) / (end - start)
            return round(left + share * (right - left), 1)
    raise ValueError(f"{time} is not on the axis")


def minutes(time: str) -> int:
    """Return the minutes since midnight."""
    hour, minute = time.split(":")
    return 60 * int(hour) + int(minute)


NIGHTS = [
    Night("2026-01-22", [EXPORT_WITHDRAWN, NODE_RECYCLED], cents=100_00, again=True),
    Night("2026-01-23", [], cents=109_00, again=False),
]


def picture(nights: list[Night]) -> dict:
    """Draw the nights one below the other."""
    return {
        "title": "Two nights, two lights",
        "axis": {
            "label": "time; the half hour of the runs is wider",
            "start": SCALE[0][1],
            "end": SCALE[-1][1],
            "ticks": [[place(time), time] for time in TICKS],
            "time": False,
        },
        "lanes": [f"{night.name}: the {lane}" for night in nights for lane in ("run", "table")],
        "runs": [
            {
                "choice": [],
                "bars": [
                    {
                        "lane": f"{night.name}: the {lane}",
                        "start": place(start),
                        "end": place(end),
                        "state": state,
                        "text": "" if start < RUN_DUE < end and lane == "run" else text,
                    }
                    for night in nights
                    for lane, start, end, state, text in night.bars()
                ],
                "events": [
                    {
                        "lane": f"{night.name}: the {lane}",
                        "at": place(time),
                        "state": s,
                        "text": text,
                    }
                    for night in nights
                    for lane, time, s, text in night.lights()
                ],
                "frames": [
                    {"step": "both nights", "log": [line for n in nights for line in n.told()]}
                ],
            }
        ],
    }


if __name__ == "__main__":
    print(json.dumps(picture(NIGHTS), indent=1))
