"""Where a billing task can die, and what one retry charges: Crash Window with keys."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from random import Random
from uuid import UUID

from miniorch import (
    DAG,
    Event,
    Fault,
    FaultKind,
    Orchestrator,
    RetryPolicy,
    Task,
    TaskContext,
)

RENEWALS = range(1, 11)  # of one subscription each, at EUR 100.00
TUESDAY = datetime(2026, 5, 12, 6, tzinfo=UTC)
KEYS = ("drawn by each attempt", "derived from the intent", "no key")
WINDOWS = {  # point of the task: where it dies
    "4 paid": "after the fourth charge",
    "": "nowhere",
    "start": "before the first charge",
    "10 paid": "after the last, before the report",
}
LANES = ("Attempt 1", "Attempt 2", "Provider")
UNTIL = 120  # seconds
KEY = 24  # characters that are shown


# --8<-- [start:night]
class Billing:
    """One night: a task that charges ten renewals, and a provider that knows keys."""

    def __init__(self, key: str, window: str, retries: int = 1) -> None:
        """Run it; the first attempt dies in that window, a retry does not."""
        self.key, self.random = key, Random(14)
        self.sent: dict[tuple[int, int], str] = {}  # attempt, renewal -> key
        self.charges: dict[str, int] = {}  # key -> renewal
        self.taken: list[tuple[int, int]] = []  # attempt, renewal: those that were charged
        task = Task("charge_renewals", self.charge_renewals, retry=RetryPolicy(retries))
        faults = [Fault(FaultKind.CRASH, task=task.id, at=window)] if window else []
        self.machine = Orchestrator([DAG("billing", (task,))], faults)
        self.machine.trigger("billing", TUESDAY)
        self.machine.run_until_idle()

    def charge_renewals(self, ctx: TaskContext) -> Iterator[str]:
        """Send one request for each renewal; the provider ignores a key it has seen."""
        yield "start"
        for renewal in RENEWALS:
            key = self.sent[ctx.attempt, renewal] = self.make_key(ctx, renewal)
            seen_as = key if key != "no key" else f"request {len(self.charges)}"
            if seen_as not in self.charges:
                self.charges[seen_as] = renewal
                self.taken.append((ctx.attempt, renewal))
            yield f"{renewal} paid"

    def make_key(self, ctx: TaskContext, renewal: int) -> str:
        """Make the key of one request; drawn as uuid4() does, from a fixed seed."""
        match self.key:
            case "drawn by each attempt":
                return str(UUID(int=self.random.getrandbits(128), version=4))
            case "derived from the intent":
                return f"renewal/sub-{renewal}/{ctx.day}"
            case _:
                return "no key"


# --8<-- [end:night]
class Picture:
    """One night on an axis of seconds: two attempts, and what reached the provider."""

    def __init__(self, key: str, window: str) -> None:
        """Run the night."""
        self.night = Billing(key, window)
        events = self.night.machine.store.events()
        self.began = events[0].at
        self.events = [event for event in events if event.attempt]
        self.died = next((self.second(e) for e in self.events if e.kind == "crashed"), None)

    def second(self, event: Event) -> int:
        """Seconds since the run was created."""
        return int((event.at - self.began).total_seconds())

    def span(self, attempt: int, *, paying: bool = False) -> tuple[int, int] | None:
        """Say from when to when an attempt ran, or sent requests."""
        mine = [event for event in self.events if event.attempt == attempt and event.worker]
        if paying:
            mine = [event for event in mine if event.detail.get("label", "").endswith("paid")]
        return (self.second(mine[0]), self.second(mine[-1])) if mine else None

    def charges(self, attempt: int) -> int:
        """Count what the provider charged for an attempt."""
        return sum(one == attempt for one, _ in self.night.taken)

    def ignored(self, attempt: int) -> int:
        """Count the requests whose key the provider had seen."""
        return sum(one == attempt for one, _ in self.night.sent) - self.charges(attempt)

    def twice(self) -> int:
        """Count the renewals that were charged twice."""
        charged = list(self.night.charges.values())
        return sum(charged.count(renewal) > 1 for renewal in RENEWALS)

    def bars(self) -> Iterator[dict]:
        """Draw each attempt, and below them the requests that arrived."""
        for attempt in (1, 2):
            if ran := self.span(attempt):
                end = "failed" if attempt == 1 and self.died is not None else "done"
                yield bar(LANES[attempt - 1], ran, end)
            if sent := self.span(attempt, paying=True):
                again = attempt == 2 and self.twice() > 0
                yield bar(LANES[2], sent, "marked" if again else "done")

    def requests(self) -> Iterator[tuple[int, int]]:
        """Say which attempt asked for renewal 4, and when."""
        for event in self.events:
            if event.detail.get("label") == "4 paid":
                yield event.attempt, self.second(event)

    def marks(self) -> Iterator[dict]:
        """Say where the worker died, and what the provider did with renewal 4."""
        if self.died is not None:
            yield {"lane": LANES[0], "at": self.died, "state": "failed", "text": "died"}
        before = 0
        for attempt, at in self.requests():
            charged = (attempt, 4) in self.night.taken
            text = ("again" if before else "charged") if charged else "seen"
            state = "marked" if charged and before else "done" if charged else "skipped"
            yield {"lane": LANES[2], "at": at, "state": state, "text": text}
            before += charged

    def frames(self) -> Iterator[dict]:
        """Stop when it starts, when it dies, when the retry has come to renewal 4, at the end."""
        retry = [(at, "the retry has come to renewal 4") for n, at in self.requests() if n == 2]
        death = [] if self.died is None else [(self.died, "the worker dies")]
        ran = self.span(2) or self.span(1)
        stops = [(0, "the task starts"), *death, *retry, (ran[1], "the task reports success")]
        for at, what in stops:
            yield {
                "step": f"{at} s: {what}",
                "at": at,
                "facts": {},
                "log": [what, *self.told(at)],
            }

    def told(self, until: int) -> Iterator[str]:
        """Say what the provider has done so far."""
        for attempt in (1, 2):
            sent = self.span(attempt, paying=True)
            if sent and sent[1] <= until:
                ignored = self.ignored(attempt)
                told = f"attempt {attempt}: {self.charges(attempt)} charged"
                yield f"{told}, {ignored} ignored" if ignored else told
        keys = [self.night.sent[n, 4][:KEY] for n, at in self.requests() if at <= until]
        if keys:
            yield f"key of renewal 4: {', then '.join(keys)}"


def bar(lane: str, span: tuple[int, int], state: str) -> dict:
    """Draw something that takes time."""
    return {"lane": lane, "start": span[0], "end": span[1], "state": state}


def run(key: str, window: str) -> dict:
    """Draw one night; where the worker dies in between, ask what the retry will charge."""
    picture = Picture(key, window)
    frames = list(picture.frames())
    total = len(picture.night.charges)
    frames[-1]["facts"] = {"Charged": f"€{100 * total:,.2f}", "Twice": f"{picture.twice()} of 10"}
    for frame in frames[:-1]:
        frame["facts"] = {"Charged": "–", "Twice": "–"}
    if window == "4 paid":
        frames[1]["question"] = question(key, total)
    return {
        "choice": [key, WINDOWS[window]],
        "bars": list(picture.bars()),
        "events": list(picture.marks()),
        "arrows": [
            {"start": [LANES[n - 1], at], "end": [LANES[2], at]} for n, at in picture.requests()
        ],
        "frames": frames,
    }


def question(key: str, total: int) -> dict:
    """Ask how many charges there are in the end; the run has the answer."""
    why = {
        "no key": "Without a key every request is a new charge: four, and then ten.",
        "drawn by each attempt": "Attempt 2 draws new keys, which the provider has never seen.",
        "derived from the intent": "Attempt 2 sends the same keys, and four of them were seen.",
    }[key]
    other = {
        10: "That takes a key which is the same in both attempts, and a provider that keeps it.",
        14: "That would be so if the provider could not tell the second request from the first.",
    }
    return {
        "asks": f"Key: {key}. Four of ten renewals are charged, and the task is retried. "
        "How many charges are there in the end?",
        "answers": [
            {"text": str(number), "because": why, "right": True}
            if number == total
            else {"text": str(number), "because": because}
            for number, because in other.items()
        ],
    }


if __name__ == "__main__":
    labels = {"How the key is made": KEYS, "Where the worker dies": tuple(WINDOWS.values())}
    simulation = {
        "title": "Crash Window, with keys",
        "steps": "Time",
        "choices": [{"label": label, "options": list(these)} for label, these in labels.items()],
        "axis": {
            "label": "seconds since the task started",
            "start": 0,
            "end": UNTIL,
            "ticks": [[at, str(at)] for at in range(0, UNTIL + 1, 20)],
        },
        "lanes": list(LANES),
        "runs": [run(key, window) for key, window in product(KEYS, WINDOWS)],
    }
    print(json.dumps(simulation, indent=1, ensure_ascii=False))
