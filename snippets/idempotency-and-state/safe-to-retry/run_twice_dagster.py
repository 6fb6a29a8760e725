"""Dagster: a key from the partition key outlives a retry and a second run."""

from uuid import uuid4

import dagster as dg

SUBSCRIPTIONS = [f"sub-{number}" for number in range(10)]
TUESDAY = "2026-05-12"
DAILY = dg.DailyPartitionsDefinition("2026-05-01")
RETRY = dg.RetryPolicy(max_retries=1)
charges: set[str] = set()  # what the provider holds: one charge for each key


# --8<-- [start:bug]
@dg.asset(partitions_def=DAILY, retry_policy=RETRY)
def renewals(context: dg.AssetExecutionContext) -> None:
    """Charge the renewals whose period begins on the day."""
    for subscription in SUBSCRIPTIONS:
        charge(context, subscription, key=str(uuid4()))


# --8<-- [end:bug]
drawn = renewals


# --8<-- [start:fix]
@dg.asset(partitions_def=DAILY, retry_policy=RETRY)
def renewals(context: dg.AssetExecutionContext) -> None:
    """Charge the renewals whose period begins on the day."""
    period = context.partition_key
    for subscription in SUBSCRIPTIONS:
        charge(context, subscription, key=f"renewal/{subscription}/{period}")


# --8<-- [end:fix]
@dg.asset(partitions_def=DAILY, retry_policy=RETRY, name="renewals")
def named_by_run(context: dg.AssetExecutionContext) -> None:
    """Charge under the run's id."""
    for subscription in SUBSCRIPTIONS:
        charge(context, subscription, key=f"renewal/{subscription}/{context.run.run_id}")


# --8<-- [start:charge]
def charge(context: dg.AssetExecutionContext, subscription: str, key: str) -> None:
    """Charge, unless the provider has seen the key; in attempt 1 the last answer is lost."""
    charges.add(key)
    if subscription == SUBSCRIPTIONS[-1] and context.retry_number == 0:
        raise ConnectionResetError("connection reset by peer")


# --8<-- [end:charge]
ASSETS = {"uuid4()": drawn, "run.run_id": named_by_run, "partition_key": renewals}


def charges_after(asset: dg.AssetsDefinition, runs: int) -> int:
    """Run the day that many times, each with a retry; return the charges."""
    charges.clear()
    for _ in range(runs):
        dg.materialize([asset], partition_key=TUESDAY)
    return len(charges)


if __name__ == "__main__":
    print("key from      one retry  run again")
    for name, asset in ASSETS.items():
        again = (charges_after(asset, runs) for runs in (1, 2))
        print("{:<14}{:<11}{}".format(name, *again))
