"""A Prefect flow completes over a failed task if nobody asks for its result."""

from prefect import Flow, flow, task


@task
def load_orders() -> int:
    """Fail, as the copy job of the night does."""
    raise RuntimeError("copy job failed")


@task
def publish_revenue(orders: int) -> int:
    """Return the figure on the CFO dashboard, at EUR 100 an order."""
    return orders * 100


# --8<-- [start:bug]
@flow
def submitted() -> None:
    """Submit the load and go on."""
    load_orders.submit()


@flow
def passed_on() -> int:
    """Submit the load and hand its future to the next task."""
    return publish_revenue(load_orders.submit())


# --8<-- [end:bug]
# --8<-- [start:fix]
@flow
def awaited() -> int:
    """Submit the load, ask for its result, then publish."""
    return publish_revenue(load_orders.submit().result())


# --8<-- [end:fix]


def run_flow(pipeline: Flow) -> tuple[str, str]:
    """Run one flow; return its state and what it says about it."""
    state = pipeline(return_state=True)
    return state.type.value, (state.message or "no message").rpartition(": ")[2]


if __name__ == "__main__":
    for pipeline in (submitted, passed_on, awaited):
        print("{:<11}{:<11}{}".format(pipeline.name, *run_flow(pipeline)))
