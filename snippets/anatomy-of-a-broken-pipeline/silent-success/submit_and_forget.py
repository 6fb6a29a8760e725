"""A job that was submitted is not done: wait for its end, then judge it."""

from collections.abc import Callable

MAX_POLLS = 4


# --8<-- [start:warehouse]
class Warehouse:
    """A remote warehouse: submit a copy job now, learn later how it ended."""

    def __init__(self, *states: str) -> None:
        """Decide beforehand which states the next job will show."""
        self.states = iter(states)
        self.submitted: list[int] = []
        self.raw_orders: list[int] = []

    def submit(self, orders: list[int]) -> str:
        """Accept the job and return its id; nothing has been copied yet."""
        self.submitted = orders
        return "copy-0314"

    def poll(self, job_id: str) -> str:
        """Return the job's state, one step further at every call."""
        state = next(self.states)
        if state == "done":
            self.raw_orders = self.submitted
        return state


# --8<-- [end:warehouse]
# --8<-- [start:bug]
def load_and_forget(warehouse: Warehouse, orders: list[int]) -> None:
    """Submit the copy job; accepted looks like done."""
    warehouse.submit(orders)


# --8<-- [end:bug]
# --8<-- [start:fix]
def load_and_wait(warehouse: Warehouse, orders: list[int]) -> None:
    """Submit the copy job, follow it to its end, accept nothing but done."""
    job_id = warehouse.submit(orders)
    for _ in range(MAX_POLLS):
        state = warehouse.poll(job_id)
        if state == "done":
            return
        if state == "failed":
            raise RuntimeError(f"{job_id} failed")
    # Not a failure: nobody knows yet, and the job may still write.
    raise TimeoutError(f"{job_id} still {state} after {MAX_POLLS} polls")


# --8<-- [end:fix]


JOBS = {
    "slow job": ("queued", "running", "done"),
    "failed job": ("queued", "running", "failed"),
    "stuck job": ("queued", "queued", "queued", "queued"),
}


def outcome(load: Callable, states: tuple[str, ...]) -> tuple[str, str]:
    """Load, then read the revenue at once, as the next task does."""
    warehouse = Warehouse(*states)
    try:
        load(warehouse, [100] * 10)
    except Exception as error:
        return "failed", f"no figure: {error}"
    return "success", f"EUR {sum(warehouse.raw_orders):.2f}"


if __name__ == "__main__":
    for load in (load_and_forget, load_and_wait):
        print(load.__name__)
        for job, states in JOBS.items():
            print("  {:<12}{:<9}{}".format(job, *outcome(load, states)))
