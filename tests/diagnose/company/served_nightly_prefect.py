"""The nightly flow, served as the deployment `nightly/prod`."""

from prefect import flow, task

from tests.diagnose.staging.re_run import add_up, load_orders


@flow
def nightly(day: str, persist: bool = False, fail: bool = False) -> None:
    """Load the orders of a day, whose result may be persisted, and add them up."""
    task(load_orders, persist_result=persist)(day)
    if fail:
        raise ConnectionResetError("connection reset by peer")
    task(add_up)(day)


if __name__ == "__main__":
    nightly.serve(name="prod", print_starting_message=False)
