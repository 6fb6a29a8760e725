"""Prefect completes a load of no files, until the load asks what was declared."""

from prefect import Flow, State, flow, task
from prefect.states import Completed

NIGHTS = {
    "10 orders": {"due": True, "declared": 10, "files": [10]},
    "files moved": {"due": True, "declared": None, "files": []},
    "bank holiday": {"due": True, "declared": 0, "files": []},
    "Sunday": {"due": False, "declared": None, "files": []},
}


# --8<-- [start:bug]
@task
def load_orders(night: dict) -> int:
    """Load every listed file and return the number of orders."""
    return sum(night["files"])


@flow
def nightly(night: dict) -> int:
    """Load and publish, as written."""
    return publish_revenue(load_orders(night))


# --8<-- [end:bug]
# --8<-- [start:fix]
@task
def load_orders_asserted(night: dict) -> int:
    """Load as before, then hold the result against what was declared."""
    loaded, declared = sum(night["files"]), night["declared"]
    if loaded != declared:
        raise ValueError(f"{loaded} loaded, {declared} declared")
    return loaded


@flow
def nightly_asserted(night: dict) -> int | State:
    """Load and publish; a skip is a decision of the flow, with a name."""
    if not night["due"]:
        return Completed(name="Skipped", message="no delivery is due")
    return publish_revenue(load_orders_asserted(night))


# --8<-- [end:fix]


@task
def publish_revenue(orders: int) -> int:
    """Return the figure on the CFO dashboard, at EUR 100 an order."""
    return orders * 100


def run_night(pipeline: Flow, night: str) -> tuple[str, str, str]:
    """Run one night; return its state's type and name, and what came of it."""
    state = pipeline(NIGHTS[night], return_state=True)
    ended = state.message or f"EUR {state.result()}.00"
    return state.type.value, state.name, ended.rpartition(": ")[2]


if __name__ == "__main__":
    for pipeline in (nightly, nightly_asserted):
        print(pipeline.fn.__name__)
        for name in NIGHTS:
            print("  {:<14}{:<11}{:<11}{}".format(name, *run_night(pipeline, name)))
