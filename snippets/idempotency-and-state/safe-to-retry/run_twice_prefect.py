"""Prefect: a key from the day that the flow bills outlives a retry and a second run."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from prefect import Task, flow, task
from prefect.runtime import flow_run, task_run

SUBSCRIPTIONS = [f"sub-{number}" for number in range(10)]
TUESDAY = date(2026, 5, 12)
charges: set[str] = set()  # what the provider holds: one charge for each key


# --8<-- [start:bug]
@task(retries=1)
def charge_renewals(day: date) -> None:
    """Charge the renewals whose period begins on a day."""
    for subscription in SUBSCRIPTIONS:
        charge(subscription, key=str(uuid4()))


# --8<-- [end:bug]
drawn = charge_renewals


# --8<-- [start:fix]
@task(retries=1)
def charge_renewals(day: date) -> None:
    """Charge the renewals whose period begins on a day."""
    for subscription in SUBSCRIPTIONS:
        charge(subscription, key=f"renewal/{subscription}/{day}")


# --8<-- [end:fix]
# --8<-- [start:flow]
@flow
def billing(day: date | None = None) -> None:
    """Bill a day, or else the one for which the run was scheduled."""
    charge_renewals(day or flow_run.scheduled_start_time.date())


# --8<-- [end:flow]
@task(retries=1)
def named_by_run(day: date) -> None:
    """Charge under the id of the flow run."""
    for subscription in SUBSCRIPTIONS:
        charge(subscription, key=f"renewal/{subscription}/{flow_run.id}")


# --8<-- [start:charge]
def charge(subscription: str, key: str) -> None:
    """Charge, unless the provider has seen the key; in attempt 1 the last answer is lost."""
    charges.add(key)
    if subscription == SUBSCRIPTIONS[-1] and task_run.run_count == 1:
        raise ConnectionResetError("connection reset by peer")


# --8<-- [end:charge]
TASKS = {"uuid4()": drawn, "flow_run.id": named_by_run, "parameter": charge_renewals}


@flow
def billing_with(charge_all: Callable, day: date) -> None:
    """Bill a day with one of these tasks."""
    charge_all(day)


def charges_after(charge_all: Task, runs: int) -> int:
    """Run the day that many times, each with a retry; return the charges."""
    charges.clear()
    for _ in range(runs):
        billing_with(charge_all, TUESDAY)
    return len(charges)


if __name__ == "__main__":
    print("key from      one retry  run again")
    for name, charge_all in TASKS.items():
        again = (charges_after(charge_all, runs) for runs in (1, 2))
        print("{:<14}{:<11}{}".format(name, *again))
