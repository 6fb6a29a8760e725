from types import ModuleType

from airflow.api_fastapi.core_api.datamodels.task_instances import ClearTaskInstancesBody

from testbed.airflow.installation import Installation


def cleared(program: ModuleType, airflow: Installation, name: str) -> tuple[list[int], int]:
    """Clear as the program's command says; return the attempts and the consumer's runs."""
    nights = program.Nights(airflow)
    nights.clear(program.COMMANDS[name])
    return [attempt for _, _, attempt in nights.attempts()], nights.mails()


def test_bug_is_real(program: ModuleType, airflow: Installation) -> None:
    assert cleared(program, airflow, "-t load_orders") == ([2, 1, 2, 1], 2)


def test_fix_holds(program: ModuleType, airflow: Installation) -> None:
    assert cleared(program, airflow, "-t load_orders, Friday") == ([1, 1, 2, 1], 2)


def test_what_follows_raises_its_asset_again(program: ModuleType, airflow: Installation) -> None:
    assert cleared(program, airflow, "-t load_orders -d, Friday") == ([1, 1, 2, 2], 3)


def test_the_pattern_is_no_regular_expression(program: ModuleType, airflow: Installation) -> None:
    assert cleared(program, airflow, "-t ^load_orders$, Friday") == ([1, 1, 1, 1], 2)
    nights = program.Nights(airflow)
    nights.clear(f"-t orders {program.DAY}")
    assert [attempt for _, _, attempt in nights.attempts()] == [1, 1, 2, 1]


def test_the_run_stays_and_the_first_attempt_is_kept(
    program: ModuleType, airflow: Installation
) -> None:
    nights = program.Nights(airflow)
    query = "select run_id, run_type from dag_run where dag_id = 'nightly' order by run_id"
    before = airflow.rows(query)
    nights.clear(program.COMMANDS["-t load_orders, Friday"])
    assert airflow.rows(query) == before
    history = "select task_id, try_number, state from task_instance_history"
    assert airflow.rows(history) == [("load_orders", 1, "success")]
    counts = "select clear_number from dag_run where dag_id = 'nightly' order by run_id"
    assert airflow.rows(counts) == [(0,), (1,)]


def test_the_cli_takes_a_running_task_from_its_worker(
    program: ModuleType, airflow: Installation
) -> None:
    nights = program.Nights(airflow)
    running = "update task_instance set state = 'running' where task_id = 'load_orders' returning 1"
    airflow.rows(running)
    arguments = program.get_parser().parse_args(["tasks", "clear", "nightly", "--yes"])
    arguments.func(arguments)
    states = "select distinct state from task_instance where task_id = 'load_orders'"
    assert airflow.rows(states) == [("restarting",)]
    assert nights.mails() == 2


def test_the_api_clears_nothing_unless_told() -> None:
    body = ClearTaskInstancesBody()
    defaults = (body.dry_run, body.only_failed, body.include_downstream, body.prevent_running_task)
    assert defaults == (True, True, False, False)
