"""Cron starts three lines by the clock; an orchestrator starts three tasks by what has ended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from miniorch import DAG, FakeClock, Orchestrator, RetryPolicy, Settings, Task, TaskContext, daily

Program = Callable[[TaskContext], Iterator[str]]
THURSDAY, FRIDAY = "2026-03-12", "2026-03-13"


def at(time: str, day: int = 14) -> datetime:
    """Return a time of a day in March 2026; the night in question is the 14th."""
    return datetime.fromisoformat(f"2026-03-{day}T{time}").replace(tzinfo=UTC)


@dataclass
class Shop:
    """The export server, the tables, and the clock that all of them read."""

    pace: int = 1  # minutes for one order
    refuses: tuple[datetime, datetime] = (at("00:00"), at("00:00"))
    hangs: tuple[datetime, datetime] = (at("00:00"), at("00:00"))
    clock: FakeClock = field(default_factory=lambda: FakeClock(at("03:00", 13)))
    raw: list[tuple[str, int]] = field(default_factory=list)  # day, euros
    staged: list[tuple[str, int]] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)  # by day: the CFO's dashboard

    def now(self, between: tuple[datetime, datetime]) -> bool:
        """Tell whether it is now between these times."""
        return between[0] <= self.clock.time < between[1]

    def files(self) -> list[str]:
        """List the days that the server has and raw does not, one file each."""
        exported = [THURSDAY] if self.clock.time < at("00:00") else [THURSDAY, FRIDAY]
        return [day for day in exported if day not in {day for day, _ in self.raw}]


NIGHTS = {
    "ordinary": {},
    "slow": {"pace": 2},
    "refused at first": {"refuses": (at("03:00"), at("03:15"))},
    "refused all night": {"refuses": (at("03:00"), at("09:00"))},
    "last one hangs": {"hangs": (at("03:12", 13), at("03:13"))},
}


def load_orders(shop: Shop, day: str) -> Iterator[str]:
    """Fetch the ten orders of every new file, one a minute, and append them."""
    while shop.now(shop.hangs):
        yield "waits for the server"
    if shop.now(shop.refuses):
        raise ConnectionRefusedError("export server")
    files = shop.files()
    for _order in range(10):
        for _minute in range(shop.pace):
            yield "fetches an order"
        shop.raw += [(file, 100) for file in files]


def stg_orders(shop: Shop, day: str) -> Iterator[str]:
    """Clean what raw holds; it takes a minute."""
    rows = list(shop.raw)
    yield "cleans"
    shop.staged = rows


def fct_revenue_daily(shop: Shop, day: str) -> Iterator[str]:
    """Add up one day; it takes a minute."""
    rows = list(shop.staged)
    yield "adds up"
    shop.figures[day] = sum(euros for of, euros in rows if of == day)


def day_before(now: datetime) -> str:
    """Name the day that a night's run is about."""
    return (now - timedelta(days=1)).date().isoformat()


# --8<-- [start:crontab]
CRONTAB = {
    "03:12": load_orders,
    "03:24": stg_orders,
    "03:25": fct_revenue_daily,
}
# --8<-- [end:crontab]


# --8<-- [start:cron]
def cron(shop: Shop) -> list[str]:
    """Start each line at its minute, and look at nothing else."""
    log, processes = [], []
    while shop.clock.time < at("08:00"):
        if line := CRONTAB.get(f"{shop.clock.time:%H:%M}"):
            log.append(line.__name__)
            processes.append(line(shop, day_before(shop.clock.time)))
        processes = [process for process in processes if lives(process)]
        shop.clock.advance(60)
    return log


def lives(process: Iterator[str]) -> bool:
    """Let a process work for a minute; how it ends is not written anywhere."""
    try:
        next(process)
    except (StopIteration, ConnectionRefusedError):
        return False
    return True


# --8<-- [end:cron]
# --8<-- [start:arrows]
def nightly(load: Program, clean: Program, add_up: Program) -> DAG:
    """Say which task waits for which, and what to do when one fails."""
    tasks = (
        Task("load_orders", load, retry=RetryPolicy(retries=2, delay=5 * 60)),
        Task("stg_orders", clean, upstream=("load_orders",)),
        Task("fct_revenue_daily", add_up, upstream=("stg_orders",)),
    )
    return DAG("nightly", tasks, schedule=daily(3, 12), max_active_runs=1)


# --8<-- [end:arrows]
# --8<-- [start:orchestrate]
def orchestrate(shop: Shop) -> Orchestrator:
    """Run the same three programs as tasks, until the dashboard is read."""
    dag = nightly(*(as_task(line, shop) for line in CRONTAB.values()))
    machine = Orchestrator([dag], (), Settings(tick_seconds=60), shop.clock)
    machine.run_until(at("08:00"))
    return machine


def as_task(line: Callable[[Shop, str], Iterator[str]], shop: Shop) -> Program:
    """Make a line of the crontab what miniorch calls: it asks its run for the day."""

    def body(ctx: TaskContext) -> Iterator[str]:
        yield from line(shop, day_before(ctx.logical_date))

    return body


# --8<-- [end:orchestrate]
def record_of(machine: Orchestrator) -> str:
    """Say what the orchestrator knows of the last night."""
    run = machine.store.runs()[-1]
    attempt = machine.store.tasks_of(run)["load_orders"].attempt
    return f"{run.state}" + (f", try {attempt}" if attempt > 1 else "")


def figure(shop: Shop) -> str:
    """Read Friday's figure off the dashboard."""
    return f"EUR {shop.figures[FRIDAY]:.2f}" if FRIDAY in shop.figures else "none"


if __name__ == "__main__":
    print("cron                at 08:00     on record")
    for night, trouble in NIGHTS.items():
        shop = Shop(**trouble)
        started = len(cron(shop)) // 2  # the log is of two nights
        print(f"  {night:<18}{figure(shop):<13}{started} starts")
    print("orchestrator        at 08:00     on record")
    for night, trouble in NIGHTS.items():
        shop = Shop(**trouble)
        known = record_of(orchestrate(shop))
        print(f"  {night:<18}{figure(shop):<13}{known}")
