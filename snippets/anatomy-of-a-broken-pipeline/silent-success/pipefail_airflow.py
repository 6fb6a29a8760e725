"""A shell pipeline ends as its last command ends, unless pipefail is set."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

# `false` stands for an export that fails before it writes a row.
# --8<-- [start:commands]
COMMANDS = {
    "pipe": "false | gzip > orders.csv.gz",
    "or_true": "false > orders.csv || true",
    "next_line": "false > orders.csv; echo exported",
    "exit_99": "exit 99",
    "pipefail": "set -o pipefail; false | gzip > orders.csv.gz",
    "errexit": "set -e; false > orders.csv; echo exported",
    "head": "set -o pipefail; yes order | head -n 10 > orders.csv",
}
# --8<-- [end:commands]

# --8<-- [start:dag]
with DAG("export_orders", schedule=None) as export_orders:
    for task_id, command in COMMANDS.items():
        BashOperator(task_id=task_id, bash_command=command)
# --8<-- [end:dag]


def states() -> dict[str, str]:
    """Run every command in its own task and return how Airflow judges it."""
    run = export_orders.test(logical_date=None)
    return {task: run.get_task_instance(task).state for task in COMMANDS}


if __name__ == "__main__":
    for task, state in states().items():
        print(f"{state:<9}{COMMANDS[task]}")
