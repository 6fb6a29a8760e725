"""Prefect judges a flow by what it raises or returns; a failed task is neither."""

from prefect import Flow, flow, task
from prefect.futures import PrefectFuture

OUTBOX: list[str] = []


@task
def extract(export: list[int]) -> int:
    """Read the night's export, and fail if there is none."""
    return export[0]


@task
def notify() -> None:
    """Say that the night is over, however it went."""
    OUTBOX.append("the night is over")


# --8<-- [start:bug]
@flow
def submitted(export: list[int]) -> None:
    """Submit the task and keep nothing of it."""
    extract.submit(export)
    notify()


@flow
def waited(export: list[int]) -> None:
    """Submit the task and wait for its end, whatever end that is."""
    extract.submit(export).wait()
    notify()


@flow
def state_kept(export: list[int]) -> None:
    """Ask for a state in the place of an exception, and do not look at it."""
    extract(export, return_state=True)
    notify()


# --8<-- [end:bug]
# --8<-- [start:fix]
@flow
def raised(export: list[int]) -> None:
    """Ask for the result, which raises; nothing after it runs."""
    extract.submit(export).result()
    notify()


@flow
def returned(export: list[int]) -> PrefectFuture:
    """Notify as well, and return what the flow is to be judged by."""
    orders = extract.submit(export)
    orders.wait()
    notify()
    return orders


# --8<-- [end:fix]
FLOWS = (submitted, waited, state_kept, raised, returned)


def run_night(pipeline: Flow, export: list[int]) -> tuple[str, int]:
    """Run one night; return the flow's state, and how many notes it sent."""
    OUTBOX.clear()
    state = pipeline(export, return_state=True)
    return state.type.value, len(OUTBOX)


if __name__ == "__main__":
    print(f"{'':<12}{'10 orders':<11}notes  {'no export':<11}notes")
    for pipeline in FLOWS:
        good, bad = run_night(pipeline, [10]), run_night(pipeline, [])
        print("{:<12}{:<11}{:<7}{:<11}{}".format(pipeline.fn.__name__, *good, *bad))
