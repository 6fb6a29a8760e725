"""A charge is safe to retry if the provider keeps the key, and the key is of the intent."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

from miniorch import DAG, Fault, FaultKind, Orchestrator, RetryPolicy, Task, TaskContext

TUESDAY = datetime(2026, 5, 12, tzinfo=UTC)


class Renewal(NamedTuple):
    """A subscription that is due, as the shop's table has it."""

    customer: str
    subscription: str
    period: str  # named by its first day


# Ten customers, of whom the last has the subscriptions 10 and 11.
DUE = [Renewal(f"customer-{min(n, 10):02}", f"sub-{n:02}", "2026-05-12") for n in range(1, 12)]
FOURTH = DUE[3].subscription


class Provider:
    """The payment provider: it charges once for each key, at EUR 100.00."""

    def __init__(self) -> None:
        """Start without charges."""
        self.charges: dict[str, Renewal] = {}  # by key

    def charge(self, key: str, renewal: Renewal) -> None:
        """Charge, or recognise the key and give the first answer again."""
        self.charges.setdefault(key, renewal)


class Ledger(set[str]):
    """Our own table of subscriptions already charged; it outlives every attempt."""


Charge = Callable[[TaskContext, Provider, Ledger], Iterator[str]]


def drawn_key(ctx: TaskContext, provider: Provider, ledger: Ledger) -> Iterator[str]:
    """Draw a key for each request, as many a provider's example does."""
    # --8<-- [start:bug]
    for renewal in DUE:
        provider.charge(str(uuid4()), renewal)
        # --8<-- [end:bug]
        yield f"{renewal.subscription} charged"


def note_after(ctx: TaskContext, provider: Provider, ledger: Ledger) -> Iterator[str]:
    """Charge what is not in our ledger, then note it there."""
    for renewal in DUE:
        if renewal.subscription not in ledger:
            provider.charge(str(uuid4()), renewal)
            yield f"{renewal.subscription} charged"
            ledger.add(renewal.subscription)


def note_before(ctx: TaskContext, provider: Provider, ledger: Ledger) -> Iterator[str]:
    """Note each renewal first, so that no charge comes twice."""
    for renewal in DUE:
        if renewal.subscription not in ledger:
            ledger.add(renewal.subscription)
            yield f"{renewal.subscription} noted"
            provider.charge(str(uuid4()), renewal)


def derived_key(ctx: TaskContext, provider: Provider, ledger: Ledger) -> Iterator[str]:
    """Name what is meant: this subscription, for this period."""
    # --8<-- [start:fix]
    for renewal in DUE:
        key = f"renewal/{renewal.subscription}/{renewal.period}"
        provider.charge(key, renewal)
        # --8<-- [end:fix]
        yield f"{renewal.subscription} charged"


def by_customer(ctx: TaskContext, provider: Provider, ledger: Ledger) -> Iterator[str]:
    """Name the customer and the day, which two renewals may share."""
    for renewal in DUE:
        provider.charge(f"renewal/{ctx.day}/{renewal.customer}", renewal)
        yield f"{renewal.subscription} charged"


def bill(charge: Charge, dies_at: str = "", retries: int = 1) -> list[int]:
    """Bill the day; the first attempts die at that point. Return the charges of each renewal."""
    provider, ledger = Provider(), Ledger()

    def charge_renewals(ctx: TaskContext) -> Iterator[str]:
        yield from charge(ctx, provider, ledger)

    task = Task("charge_renewals", charge_renewals, retry=RetryPolicy(retries))
    tries = range(1, retries + 1) if dies_at else ()
    faults = [Fault(FaultKind.CRASH, task=task.id, attempt=n, at=dies_at) for n in tries]
    machine = Orchestrator([DAG("billing", (task,))], faults)
    machine.trigger("billing", TUESDAY)
    machine.run_until_idle()
    times = Counter(provider.charges.values())
    return [times[renewal] for renewal in DUE]


WAYS: dict[str, tuple[Charge, str]] = {
    "key drawn, uuid4()": (drawn_key, f"{FOURTH} charged"),
    "ledger after the charge": (note_after, f"{FOURTH} charged"),
    "ledger before it": (note_before, f"{FOURTH} noted"),
    "key of customer and day": (by_customer, f"{FOURTH} charged"),
    "key of subscription, period": (derived_key, f"{FOURTH} charged"),
}

if __name__ == "__main__":
    print("dies at renewal 4            charges  twice or more  never")
    for name, (charge, dies_at) in WAYS.items():
        times = bill(charge, dies_at)
        twice = sum(n > 1 for n in times)
        print(f"{name:<29}{sum(times):<9}{twice:<15}{times.count(0)}")
