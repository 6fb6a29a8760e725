"""Prefect: a key from the flow's parameter outlives a retry and a second run."""

from collections.abc import Callable
from uuid import uuid4

from prefect import flow, task
from prefect.runtime import flow_run, task_run

CUSTOMERS = range(10)
charges: set[str] = set()  # what the provider holds: one charge for each key

# --8<-- [start:bug]
DRAWN = {
    "uuid4()": lambda day: uuid4(),
    "flow_run.id": lambda day: flow_run.id,
}
# --8<-- [end:bug]
# --8<-- [start:fix]
DERIVED = {"parameter": lambda day: day}
# --8<-- [end:fix]


# --8<-- [start:task]
@task(retries=1)
def charge_renewals(unit: Callable[[str], object], day: str) -> None:
    """Charge every customer once for each unit; the first attempt dies at the end."""
    renewal = f"renewal/{unit(day)}"
    for customer in CUSTOMERS:
        charges.add(f"{renewal}/{customer}")
    if task_run.run_count == 1:
        raise ConnectionResetError("connection reset by peer")


@flow
def billing(unit: Callable[[str], object], day: str) -> None:
    """Bill one day."""
    charge_renewals(unit, day)


# --8<-- [end:task]
def charges_after(unit: Callable[[str], object], runs: int) -> int:
    """Run the day that many times, each with a retry; return the charges."""
    charges.clear()
    for _ in range(runs):
        billing(unit, day="2026-03-13")
    return len(charges)


UNITS = DRAWN | DERIVED

if __name__ == "__main__":
    print("key from      one retry  run again")
    for name, unit in UNITS.items():
        again = (charges_after(unit, runs) for runs in (1, 2))
        print("{:<14}{:<11}{}".format(name, *again))
