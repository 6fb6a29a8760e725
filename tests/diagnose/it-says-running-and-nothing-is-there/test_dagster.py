import os

import dagster as dg
from click.testing import CliRunner
from dagster._cli import create_dagster_cli
from dagster._core.definitions.reconstruct import reconstructable
from dagster._core.execution.plan.state import KnownExecutionState
from dagster._grpc.types import ExecuteStepArgs

from tests.diagnose.staging.dagster_storage import ask
from tests.diagnose.staging.page import StagedPage


@dg.op
def load_orders() -> None:
    """Load, on a machine that is taken away in the middle."""
    os._exit(9)


@dg.job
def nightly() -> None:
    """Load the orders."""
    load_orders()


def start_pod(instance: dg.DagsterInstance, run: dg.DagsterRun) -> tuple[int, str]:
    """Run the step as the executor for Kubernetes has a pod run it; return how it ended."""
    args = ExecuteStepArgs(
        reconstructable(nightly).get_python_origin(),
        run.run_id,
        ["load_orders"],
        instance.get_ref(),
        known_state=KnownExecutionState(),
        should_verify_step=True,
    )
    pod = os.fork()
    if not pod:
        _, *words = args.get_command_args()
        os._exit(CliRunner().invoke(create_dagster_cli(), words).exit_code)
    return os.waitstatus_to_exitcode(os.waitpid(pod, 0)[1])


def test_the_replacement_of_a_lost_pod_ends_well_and_the_step_never(
    page: StagedPage, dagster: dg.DagsterInstance
) -> None:
    page.says("It ends with exit code 0, so that nobody calls it failed")
    job = reconstructable(nightly)
    run = dagster.create_run_for_job(
        job.get_definition(),
        job_code_origin=job.get_python_origin(),
        status=dg.DagsterRunStatus.STARTED,
    )
    assert ask(dagster, page.code()) == []
    assert start_pod(dagster, run) == 9
    page.says("**Dagster: `was_replaced` is false, and `last_sign` is old.**")
    ((run_id, step, first_sign, replaced),) = ask(dagster, page.code())
    assert (run_id, step, replaced) == (run.run_id, "load_orders", False)
    assert start_pod(dagster, run) == 0
    page.says("**Dagster: `was_replaced` is true.** The step's pod was lost")
    ((_, _, last_sign, replaced),) = ask(dagster, page.code())
    assert replaced
    assert last_sign > first_sign
