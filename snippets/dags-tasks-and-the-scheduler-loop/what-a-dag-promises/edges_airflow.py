"""Airflow draws an arrow for a result that is handed over and for >>, and for no string."""

from collections.abc import Iterable

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, dag, task


@task
def load_orders() -> str:
    """Load the night's orders; return the table."""
    return "raw_orders"


@task
def load_rates() -> str:
    """Load the night's exchange rates; return the table."""
    return "raw_rates"


@task
def stg_orders(orders: str) -> str:
    """Clean the orders; return the table."""
    return "stg_orders"


@task
def fct_revenue_daily(orders: str) -> str:
    """Add the orders up, at the rates of raw_rates; return the table."""
    return "fct_revenue_daily"


@task
def fct_costs_daily(rates: str) -> str:
    """Add the costs up; return the table."""
    return "fct_costs_daily"


@task
def publish_dashboard() -> None:
    """Refresh the CFO dashboard."""


# --8<-- [start:bug]
@dag(schedule=None)
def nightly() -> None:
    """Load the night, and publish its revenue."""
    rates = load_rates()
    revenue = fct_revenue_daily(stg_orders(load_orders()))
    revenue >> publish_dashboard()
    fct_costs_daily(rates)


# --8<-- [end:bug]
as_drawn = nightly


# --8<-- [start:fix]
@dag(schedule=None)
def nightly() -> None:
    """Load the night, and publish its revenue."""
    rates = load_rates()
    revenue = fct_revenue_daily(stg_orders(load_orders()))
    rates >> revenue
    revenue >> publish_dashboard()
    fct_costs_daily(rates)


# --8<-- [end:fix]
with_edge = nightly


# --8<-- [start:strings]
@dag(schedule=None)
def audits() -> None:
    """Name the result in three ways, one of which is an arrow."""
    rates = load_rates()
    pull = "{{ ti.xcom_pull(task_ids='load_rates') }}"
    BashOperator(task_id="by_name", bash_command=f"audit {pull}")
    BashOperator(task_id="in_an_f_string", bash_command=f"audit {rates}")
    BashOperator(
        task_id="handed_over", bash_command="audit $TABLE", env={"TABLE": rates}, append_env=True
    )


# --8<-- [end:strings]
# --8<-- [start:check]
def missing(dag: DAG, reads: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Find the pairs of writer and reader that no path of arrows puts in order."""
    return {
        (writer, reader)
        for writer, reader in reads
        if writer not in dag.get_task(reader).get_flat_relative_ids(upstream=True)
    }


READS = {("load_rates", "fct_revenue_daily")}


def test_a_path_leads_from_each_writer_to_its_readers() -> None:
    """Let CI fail when an arrow is missing."""
    assert not missing(nightly(), READS)


# --8<-- [end:check]
def edges(dag: DAG) -> set[str]:
    """The arrows, as Airflow has them."""
    return {f"{one.task_id} -> {after}" for one in dag.tasks for after in one.downstream_task_ids}


if __name__ == "__main__":
    drawn = edges(as_drawn())
    for edge in sorted(edges(with_edge())):
        print(" " if edge in drawn else "+", edge)
    print("of three that name the result, one waits for it:")
    print(" ", *edges(audits()))
