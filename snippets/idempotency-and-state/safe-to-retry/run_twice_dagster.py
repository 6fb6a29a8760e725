"""Dagster: a key from the partition key outlives a retry and a second run."""

from collections.abc import Callable
from uuid import uuid4

import dagster as dg

CUSTOMERS = range(10)
charges: set[str] = set()  # what the provider holds: one charge for each key

# --8<-- [start:bug]
DRAWN = {
    "uuid4()": lambda context: uuid4(),
    "run.run_id": lambda context: context.run.run_id,
}
# --8<-- [end:bug]
# --8<-- [start:fix]
DERIVED = {"partition_key": lambda context: context.partition_key}
# --8<-- [end:fix]


# --8<-- [start:asset]
def billing(unit: Callable[[dg.AssetExecutionContext], object]) -> dg.AssetsDefinition:
    """Charge every customer once for each unit; the first attempt dies at the end."""

    @dg.asset(
        partitions_def=dg.DailyPartitionsDefinition("2026-03-01"),
        retry_policy=dg.RetryPolicy(max_retries=1),
    )
    def renewals(context: dg.AssetExecutionContext) -> None:
        renewal = f"renewal/{unit(context)}"
        for customer in CUSTOMERS:
            charges.add(f"{renewal}/{customer}")
        if context.retry_number == 0:
            raise ConnectionResetError("connection reset by peer")

    return renewals


# --8<-- [end:asset]
def charges_after(renewals: dg.AssetsDefinition, runs: int) -> int:
    """Run the day that many times, each with a retry; return the charges."""
    charges.clear()
    for _ in range(runs):
        dg.materialize([renewals], partition_key="2026-03-13")
    return len(charges)


ASSETS = {name: billing(unit) for name, unit in (DRAWN | DERIVED).items()}

if __name__ == "__main__":
    print("key from      one retry  run again")
    for name, renewals in ASSETS.items():
        again = (charges_after(renewals, runs) for runs in (1, 2))
        print("{:<14}{:<11}{}".format(name, *again))
