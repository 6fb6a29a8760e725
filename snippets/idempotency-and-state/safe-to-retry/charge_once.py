"""A charge is safe to retry if the provider keeps the key, and the key is of the intent."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

from miniorch import DAG, Fault, FaultKind, Orchestrator, RetryPolicy, Task, TaskContext

TUESDAY = datetime(2026, 5, 12, tzinfo=UTC)
CUSTOMERS = [f"customer-{n:02}" for n in range(1, 11)]
FOURTH = CUSTOMERS[3]


class Provider:
    """The payment provider: it charges once for each key, at EUR 100.00."""

    def __init__(self) -> None:
        """Start without charges."""
        self.charges: dict[str, str] = {}  # key -> customer

    def charge(self, key: str, customer: str) -> None:
        """Charge, or recognise the key and give the first answer again."""
        self.charges.setdefault(key, customer)


class Ledger(set[str]):
    """Our own table of customers already charged; it outlives every attempt."""


Charge = Callable[[TaskContext, Provider, Ledger], Iterator[str]]


def drawn_key(ctx: TaskContext, provider: Provider, ledger: Ledger) -> Iterator[str]:
    """Draw a key for each request, as many a provider's example does."""
    # --8<-- [start:bug]
    for customer in CUSTOMERS:
        provider.charge(str(uuid4()), customer)
        # --8<-- [end:bug]
        yield f"{customer} charged"


def note_after(ctx: TaskContext, provider: Provider, ledger: Ledger) -> Iterator[str]:
    """Charge those who are not in our ledger, then note them there."""
    for customer in CUSTOMERS:
        if customer not in ledger:
            provider.charge(str(uuid4()), customer)
            yield f"{customer} charged"
            ledger.add(customer)


def note_before(ctx: TaskContext, provider: Provider, ledger: Ledger) -> Iterator[str]:
    """Note each customer first, so that no charge comes twice."""
    for customer in CUSTOMERS:
        if customer not in ledger:
            ledger.add(customer)
            yield f"{customer} noted"
            provider.charge(str(uuid4()), customer)


def derived_key(ctx: TaskContext, provider: Provider, ledger: Ledger) -> Iterator[str]:
    """Name what is meant: this renewal, of this interval, for this customer."""
    # --8<-- [start:fix]
    for customer in CUSTOMERS:
        provider.charge(f"renewal/{ctx.day}/{customer}", customer)
        # --8<-- [end:fix]
        yield f"{customer} charged"


def bill(charge: Charge, dies_at: str = "", retries: int = 1) -> list[int]:
    """Bill the day; the first attempts die at that point. Return charges by customer."""
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
    return [times[customer] for customer in CUSTOMERS]


WAYS: dict[str, tuple[Charge, str]] = {
    "key drawn, uuid4()": (drawn_key, f"{FOURTH} charged"),
    "ledger after the charge": (note_after, f"{FOURTH} charged"),
    "ledger before it": (note_before, f"{FOURTH} noted"),
    "key derived": (derived_key, f"{FOURTH} charged"),
}

if __name__ == "__main__":
    print("dies at customer 4        charges  twice or more  never")
    for name, (charge, dies_at) in WAYS.items():
        times = bill(charge, dies_at)
        twice = sum(n > 1 for n in times)
        print(f"{name:<26}{sum(times):<9}{twice:<15}{times.count(0)}")
