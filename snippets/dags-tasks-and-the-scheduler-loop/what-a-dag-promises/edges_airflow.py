"""Airflow draws an arrow for a result that is passed, for >>, and for no table read."""

from airflow.sdk import DAG, task


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


# --8<-- [start:graph]
def nightly(with_edge: bool) -> DAG:
    """The night; `load_rates` comes first in the file, and that is no arrow."""
    with DAG("nightly", schedule=None) as dag:
        rates = load_rates()
        revenue = fct_revenue_daily(stg_orders(load_orders()))
        revenue >> publish_dashboard()
        fct_costs_daily(rates)
        if with_edge:
            rates >> revenue
    return dag


# --8<-- [end:graph]


def edges(dag: DAG) -> set[str]:
    """The arrows, as Airflow has them."""
    return {f"{one.task_id} -> {after}" for one in dag.tasks for after in one.downstream_task_ids}


if __name__ == "__main__":
    drawn, mended = edges(nightly(with_edge=False)), edges(nightly(with_edge=True))
    for edge in sorted(mended):
        print(" " if edge in drawn else "+", edge)
